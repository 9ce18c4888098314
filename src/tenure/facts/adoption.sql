-- adoption: the days on which each active account used each feature.
--
-- Key     account_id, feature, day
-- Reads   usage, account_activity
-- Policy  none; the company's $is_core
-- Columns day: a local day on which the account was active; happened_at: when it began; events: how many of the feature,
--         active ones or not; is_core: 1 for a feature that adoption is about, else 0
-- Law     every row has its day in `account_activity`, so that whoever adopts is active
WITH days AS (
  SELECT account_id, feature, day, SUM(events) AS used FROM usage WHERE feature <> '(none)' GROUP BY account_id, feature, day
), told AS (
  SELECT account_id, feature, day, used, CASE WHEN $is_core THEN 1 ELSE 0 END AS is_core FROM days
)
SELECT t.account_id AS account_id, t.feature AS feature, t.day AS day, a.happened_at AS happened_at, CAST(t.used AS BIGINT) AS events,
  CAST(t.is_core AS BIGINT) AS is_core
FROM told AS t
JOIN account_activity AS a ON a.account_id = t.account_id AND a.day = t.day
