-- onboardings: when each account began its onboarding, and when it had done everything that is required.
--
-- Key     account_id
-- Reads   onboarding_steps, account_roots, person_roots
-- Policy  none of its own
-- Columns happened_at: the first step begun, else the first one shown; required_steps: how many different ones;
--         finished_at: the last of them was completed, a step of several people by the first of them; empty while one is open,
--         or where none is required; everyone_finished_at: likewise, a step of several people by the last of them; known_at: the last step done, or the beginning
-- Law     one row per account that a step was put before; happened_at <= finished_at <= everyone_finished_at, where they are known
WITH owned AS (
  SELECT COALESCE(r.root_id, o.account_id) AS account_id, COALESCE(u.root_id, o.person_id) AS person_id, o.step AS step,
    CASE WHEN o.is_required THEN 1 ELSE 0 END AS needed, COALESCE(o.shown_at, o.skipped_at) AS seen_at,
    COALESCE(o.started_at, o.completed_at) AS begun_at, o.completed_at AS done_at
  FROM onboarding_steps AS o
  LEFT JOIN account_roots AS r ON r.account_id = o.account_id
  LEFT JOIN person_roots AS u ON u.person_id = o.person_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(u.is_left_out, FALSE) = FALSE
), own AS (
  SELECT account_id, person_id, step, MAX(needed) AS needed, MIN(seen_at) AS seen_at, MIN(begun_at) AS begun_at, MIN(done_at) AS done_at
  FROM owned
  GROUP BY account_id, person_id, step
), shared AS (  -- asked: of how many it is required; met: how many of those have done it
  SELECT account_id, step, MAX(needed) AS is_needed, SUM(needed) AS asked, COUNT(CASE WHEN needed = 1 THEN done_at END) AS met,
    MIN(seen_at) AS first_seen_at, MIN(begun_at) AS first_begun_at, MIN(done_at) AS first_done_at, MAX(CASE WHEN needed = 1 THEN done_at END) AS last_done_at
  FROM own
  GROUP BY account_id, step
), whole AS (
  SELECT account_id, COALESCE(MIN(first_begun_at), MIN(first_seen_at)) AS started_at, SUM(is_needed) AS steps, SUM(asked) AS asked, SUM(met) AS met,
    COUNT(CASE WHEN is_needed = 1 THEN first_done_at END) AS done, MAX(CASE WHEN is_needed = 1 THEN first_done_at END) AS done_at,
    MAX(last_done_at) AS all_done_at
  FROM shared
  GROUP BY account_id
)
SELECT account_id, started_at AS happened_at, CAST(steps AS BIGINT) AS required_steps,
  CASE WHEN done = steps THEN done_at END AS finished_at, CASE WHEN met = asked THEN all_done_at END AS everyone_finished_at,
  GREATEST(started_at, COALESCE(all_done_at, started_at)) AS known_at
FROM whole
WHERE started_at IS NOT NULL
