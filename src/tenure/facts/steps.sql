-- steps: every step of onboarding that was put before an account, or before a person of it.
--
-- Key     account_id, person_id, step
-- Reads   onboarding_steps, account_roots, person_roots
-- Policy  none of its own
-- Columns person_id: '' where the step is the account's; happened_at: shown, else started, completed or skipped;
--         started_at: started, else completed; completed_at, skipped_at: empty until then; known_at: the last of them
-- Law     a step that nothing has happened to is no row; of people, or accounts, that are one, the earliest of each instant
WITH owned AS (
  SELECT COALESCE(r.root_id, o.account_id) AS account_id, COALESCE(u.root_id, o.person_id) AS person_id, o.step AS step,
    CASE WHEN o.is_required THEN 1 ELSE 0 END AS needed, o.shown_at AS shown_at, COALESCE(o.started_at, o.completed_at) AS begun_at,
    o.completed_at AS done_at, o.skipped_at AS passed_at
  FROM onboarding_steps AS o
  LEFT JOIN account_roots AS r ON r.account_id = o.account_id
  LEFT JOIN person_roots AS u ON u.person_id = o.person_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(u.is_left_out, FALSE) = FALSE
), merged AS (
  SELECT account_id, person_id, step, MAX(needed) AS needed, MIN(shown_at) AS shown_at, MIN(begun_at) AS begun_at, MIN(done_at) AS done_at,
    MIN(passed_at) AS passed_at
  FROM owned
  GROUP BY account_id, person_id, step
)
SELECT account_id, person_id, step, CASE WHEN needed = 1 THEN TRUE ELSE FALSE END AS is_required,
  COALESCE(shown_at, begun_at, passed_at) AS happened_at, begun_at AS started_at, done_at AS completed_at, passed_at AS skipped_at,
  GREATEST(COALESCE(shown_at, begun_at, passed_at), COALESCE(begun_at, shown_at, passed_at), COALESCE(done_at, begun_at, shown_at, passed_at)) AS known_at
FROM merged
WHERE COALESCE(shown_at, begun_at, passed_at) IS NOT NULL
