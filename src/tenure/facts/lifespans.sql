-- lifespans: subscriptions that ended, and how long they were paid for.
--
-- Key     account_id, subscription_id
-- Reads   item_changes, subscriptions, subscription_periods, account_roots
-- Policy  $paused; what counts as paid is that of item_changes
-- Columns started_at, ended_at: from when to when it paid or was paused; of a subscription without any periods as it says
--         itself, its trial left out; happened_at: its last instant, so that it has ended at ended_at and not later
-- Law     started_at is before ended_at; a subscription that runs, or never paid, has no row
WITH paid AS (
  SELECT account_id, subscription_id, MIN(happened_at) AS started_at, MAX(happened_at) AS ended_at
  FROM item_changes
  WHERE class = 'paying' OR (class = 'paused' AND $paused = 'zero')
  GROUP BY account_id, subscription_id
  HAVING SUM(items) = 0
), told AS (
  SELECT COALESCE(r.root_id, s.account_id) AS account_id, s.subscription_id AS subscription_id, s.ends_at AS ended_at,
    CASE WHEN s.trial_ends_at > s.created_at THEN s.trial_ends_at ELSE s.created_at END AS started_at
  FROM subscriptions AS s
  LEFT JOIN account_roots AS r ON r.account_id = s.account_id
  LEFT JOIN subscription_periods AS p ON p.subscription_id = s.subscription_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND p.subscription_id IS NULL
), lived AS (
  SELECT account_id, subscription_id, started_at, ended_at FROM paid
  UNION ALL
  SELECT account_id, subscription_id, started_at, ended_at FROM told
)
SELECT account_id, subscription_id, started_at, ended_at, ended_at - INTERVAL 1 MICROSECOND AS happened_at
FROM lived
WHERE started_at < ended_at
