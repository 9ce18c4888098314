-- risks: the recurring revenue that is in danger, by the reason for it, and when that changes.
--
-- Key     account_id, plan, currency, valued_in, kind, happened_at, placed_at
-- Reads   health, revenue, pending_revenue, customers, plans
-- Policy  none of its own
-- Columns kind: health (all that an account pays whose score is below the band), or notice (what is already cancelled for later, of the
--         other accounts); worth: what comes into danger, or leaves it, in the currency `valued_in` as in `revenue`; null from where on a
--         policy values something at no rate; product: of the plan; placed_at: since when it was so; that ends with the account's
--         tenure too, 30, 90 and 365 days after it first paid; known_at: as in `health`
-- Law     the running sums of both kinds are together at most that of revenue, but for what settles
WITH births AS (
  SELECT account_id, happened_at AS joined_at FROM customers WHERE kind = 'new' AND entry = 1
), birthdays AS (  -- when a customer's tenure changes
  SELECT account_id, joined_at, joined_at + INTERVAL 30 DAY AS older_at FROM births
  UNION ALL
  SELECT account_id, joined_at, joined_at + INTERVAL 90 DAY AS older_at FROM births
  UNION ALL
  SELECT account_id, joined_at, joined_at + INTERVAL 365 DAY AS older_at FROM births
), turns AS (
  SELECT account_id, happened_at, MAX(known_at) AS known_at, SUM(at_risk) AS turn, 0 AS ages FROM health GROUP BY account_id, happened_at
  HAVING SUM(at_risk) <> 0
  UNION ALL
  SELECT account_id, older_at AS happened_at, joined_at AS known_at, 0 AS turn, 1 AS ages FROM birthdays
), monies AS (
  SELECT account_id, plan, currency, valued_in, happened_at, worth AS paid, CAST(0 AS DECIMAL(38, 14)) AS given_up FROM revenue
  UNION ALL
  SELECT account_id, plan, currency, valued_in, happened_at, CAST(0 AS DECIMAL(38, 14)) AS paid, worth AS given_up FROM pending_revenue WHERE kind = 'notice'
), lines AS (
  SELECT account_id, plan, currency, valued_in FROM monies GROUP BY account_id, plan, currency, valued_in
), happenings AS (
  SELECT account_id, plan, currency, valued_in, happened_at, happened_at AS known_at, COALESCE(paid, 0) AS gain, COALESCE(given_up, 0) AS notice, 0 AS turn, 0 AS ages,
    CASE WHEN paid IS NULL OR given_up IS NULL THEN 1 ELSE 0 END AS gap
  FROM monies
  UNION ALL
  SELECT l.account_id AS account_id, l.plan AS plan, l.currency AS currency, l.valued_in AS valued_in, t.happened_at AS happened_at,
    t.known_at AS known_at, CAST(0 AS DECIMAL(38, 14)) AS gain, CAST(0 AS DECIMAL(38, 14)) AS notice, t.turn AS turn, t.ages AS ages, 0 AS gap
  FROM lines AS l
  JOIN turns AS t ON t.account_id = l.account_id
), moments AS (
  SELECT account_id, plan, currency, valued_in, happened_at, MAX(known_at) AS known_at, SUM(gain) AS paid_change, SUM(notice) AS notice_change, SUM(turn) AS turn_change,
    MAX(ages) AS ages, SUM(gap) AS gap_change
  FROM happenings
  GROUP BY account_id, plan, currency, valued_in, happened_at
), levels AS (
  SELECT account_id, plan, currency, valued_in, happened_at, known_at, ages,
    SUM(paid_change) OVER (PARTITION BY account_id, plan, currency, valued_in ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS paid,
    SUM(notice_change) OVER (PARTITION BY account_id, plan, currency, valued_in ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS notice,
    SUM(turn_change) OVER (PARTITION BY account_id, plan, currency, valued_in ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS is_low,
    SUM(gap_change) OVER (PARTITION BY account_id, plan, currency, valued_in ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS gaps
  FROM moments
), dangers AS (
  SELECT account_id, plan, currency, valued_in, 'health' AS kind, happened_at, known_at, ages, gaps, CASE WHEN is_low > 0 THEN paid ELSE 0 END AS danger FROM levels
  UNION ALL
  SELECT account_id, plan, currency, valued_in, 'notice' AS kind, happened_at, known_at, ages, gaps, CASE WHEN is_low > 0 THEN 0 ELSE notice END AS danger FROM levels
), followed AS (
  SELECT account_id, plan, currency, valued_in, kind, happened_at, known_at, ages, gaps, danger,
    ROW_NUMBER() OVER (PARTITION BY account_id, plan, currency, valued_in, kind ORDER BY happened_at) AS place,
    LAG(danger) OVER (PARTITION BY account_id, plan, currency, valued_in, kind ORDER BY happened_at) AS last_danger
  FROM dangers
), turned AS (
  SELECT account_id, plan, currency, valued_in, kind, happened_at, known_at, gaps, danger, CASE WHEN place > 1 THEN last_danger ELSE 0 END AS was_danger
  FROM followed
  WHERE place = 1 OR ages = 1 OR danger <> last_danger OR gaps > 0
), stays AS (
  SELECT *, LAG(happened_at) OVER (PARTITION BY account_id, plan, currency, valued_in, kind ORDER BY happened_at) AS last_at FROM turned
), changes AS (
  SELECT account_id, plan, currency, valued_in, kind, happened_at, known_at, happened_at AS placed_at, gaps, danger AS change FROM stays WHERE danger <> 0 OR gaps > 0
  UNION ALL
  SELECT account_id, plan, currency, valued_in, kind, happened_at, known_at, last_at AS placed_at, gaps, -was_danger AS change FROM stays WHERE was_danger <> 0
)
SELECT c.account_id AS account_id, c.plan AS plan, COALESCE(n.product, '(none)') AS product, c.currency AS currency, c.valued_in AS valued_in, c.kind AS kind,
  c.happened_at AS happened_at, c.placed_at AS placed_at, c.known_at AS known_at, CASE WHEN c.gaps = 0 THEN CAST(c.change AS DECIMAL(38, 14)) END AS worth
FROM changes AS c
LEFT JOIN plans AS n ON n.plan = c.plan
