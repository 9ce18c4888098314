-- risks: the recurring revenue that is in danger, by the reason for it, and when that changes.
--
-- Key     account_id, plan, currency, valued_in, kind, happened_at
-- Reads   health, revenue, pending_revenue
-- Policy  none of its own
-- Columns kind: health (all that an account pays whose score is below the band), or notice (what is already cancelled for later, of the
--         other accounts); worth, valued_in: as in `revenue`; worth is null from where a policy values something at no rate
-- Law     the running sum of both kinds is at most that of revenue, but for what settles
WITH turns AS (
  SELECT account_id, happened_at, SUM(at_risk) AS turn FROM health GROUP BY account_id, happened_at HAVING SUM(at_risk) <> 0
), monies AS (
  SELECT account_id, plan, currency, valued_in, happened_at, worth AS paid, CAST(0 AS DECIMAL(38, 14)) AS given_up FROM revenue
  UNION ALL
  SELECT account_id, plan, currency, valued_in, happened_at, CAST(0 AS DECIMAL(38, 14)) AS paid, worth AS given_up FROM pending_revenue WHERE kind = 'notice'
), lines AS (
  SELECT account_id, plan, currency, valued_in FROM monies GROUP BY account_id, plan, currency, valued_in
), happenings AS (
  SELECT account_id, plan, currency, valued_in, happened_at, COALESCE(paid, 0) AS gain, COALESCE(given_up, 0) AS notice, 0 AS turn,
    CASE WHEN paid IS NULL OR given_up IS NULL THEN 1 ELSE 0 END AS gap
  FROM monies
  UNION ALL
  SELECT l.account_id AS account_id, l.plan AS plan, l.currency AS currency, l.valued_in AS valued_in, t.happened_at AS happened_at,
    CAST(0 AS DECIMAL(38, 14)) AS gain, CAST(0 AS DECIMAL(38, 14)) AS notice, t.turn AS turn, 0 AS gap
  FROM lines AS l
  JOIN turns AS t ON t.account_id = l.account_id
), moments AS (
  SELECT account_id, plan, currency, valued_in, happened_at, SUM(gain) AS paid_change, SUM(notice) AS given_up_change, SUM(turn) AS turn_change,
    SUM(gap) AS gap_change
  FROM happenings
  GROUP BY account_id, plan, currency, valued_in, happened_at
), levels AS (
  SELECT account_id, plan, currency, valued_in, happened_at,
    SUM(paid_change) OVER (PARTITION BY account_id, plan, currency, valued_in ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS paid,
    SUM(given_up_change) OVER (PARTITION BY account_id, plan, currency, valued_in ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS given_up,
    SUM(turn_change) OVER (PARTITION BY account_id, plan, currency, valued_in ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS is_low,
    SUM(gap_change) OVER (PARTITION BY account_id, plan, currency, valued_in ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS gaps
  FROM moments
), dangers AS (
  SELECT account_id, plan, currency, valued_in, happened_at, gaps, CAST(CASE WHEN is_low > 0 THEN paid ELSE 0 END AS DECIMAL(38, 14)) AS low_worth,
    CAST(CASE WHEN is_low > 0 THEN 0 ELSE given_up END AS DECIMAL(38, 14)) AS notice_worth
  FROM levels
), followed AS (
  SELECT account_id, plan, currency, valued_in, happened_at, gaps, low_worth, notice_worth,
    ROW_NUMBER() OVER (PARTITION BY account_id, plan, currency, valued_in ORDER BY happened_at) AS place,
    LAG(low_worth) OVER (PARTITION BY account_id, plan, currency, valued_in ORDER BY happened_at) AS last_low,
    LAG(notice_worth) OVER (PARTITION BY account_id, plan, currency, valued_in ORDER BY happened_at) AS last_notice
  FROM dangers
), changes AS (
  SELECT account_id, plan, currency, valued_in, happened_at, gaps, 'health' AS kind, low_worth - CASE WHEN place > 1 THEN last_low ELSE 0 END AS change FROM followed
  UNION ALL
  SELECT account_id, plan, currency, valued_in, happened_at, gaps, 'notice' AS kind, notice_worth - CASE WHEN place > 1 THEN last_notice ELSE 0 END AS change
  FROM followed
)
SELECT account_id, plan, currency, valued_in, kind, happened_at, CASE WHEN gaps = 0 THEN CAST(change AS DECIMAL(38, 14)) END AS worth
FROM changes
WHERE change <> 0 OR gaps > 0
