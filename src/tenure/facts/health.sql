-- health: the score of every customer, and when it changes.
--
-- Key     account_id, happened_at, accounts
-- Reads   signals, customers
-- Policy  none of its own
-- Columns accounts: +1 where a customer enters a standing, -1 where it leaves it; placed_at: when it entered it; a standing ends with its
--         tenure too, 30, 90 and 365 days after the account first paid; plan: its main one; scored, points, at_risk: the same sign
--         times 1 where usage or an answer says something of it, times its score, and times 1 where that is below 50. The score
--         is the mean of what its signals say, each by its weight, from 0 to 100, half up; what says nothing is left out
--         known_at: when the reason of the change had happened; what lapses, or grows older, is known before
-- Law     running sums of accounts are the customers; at_risk <= scored <= accounts, and points lies within 0 and 100 times scored
WITH births AS (
  SELECT account_id, happened_at AS joined_at FROM customers WHERE kind = 'new' AND entry = 1
), birthdays AS (  -- when a customer's tenure changes
  SELECT account_id, joined_at, joined_at + INTERVAL 30 DAY AS older_at FROM births
  UNION ALL
  SELECT account_id, joined_at, joined_at + INTERVAL 90 DAY AS older_at FROM births
  UNION ALL
  SELECT account_id, joined_at, joined_at + INTERVAL 365 DAY AS older_at FROM births
), told AS (  -- voices: whether usage, or an answer, is known
  SELECT account_id, happened_at, known_at, weight * known AS weighs, weight * points AS marks,
    CASE WHEN signal = 'usage' OR signal = 'answer' THEN known ELSE 0 END AS voices, 0 AS moves, 0 AS kept, '' AS plan, 0 AS ages
  FROM signals
  UNION ALL
  SELECT account_id, happened_at, happened_at AS known_at, 0 AS weighs, 0 AS marks, 0 AS voices, 1 AS moves, kept_after AS kept, plan, 0 AS ages
  FROM customers WHERE entry = 1
  UNION ALL
  SELECT account_id, older_at AS happened_at, joined_at AS known_at, 0 AS weighs, 0 AS marks, 0 AS voices, 0 AS moves, 0 AS kept, '' AS plan, 1 AS ages
  FROM birthdays
), moments AS (
  SELECT account_id, happened_at, MAX(known_at) AS known_at, SUM(weighs) AS weight_change, SUM(marks) AS marks_change, SUM(voices) AS voices_change,
    MAX(moves) AS is_move, MAX(kept) AS kept, MAX(plan) AS plan, MAX(ages) AS ages
  FROM told
  GROUP BY account_id, happened_at
), levels AS (  -- stay: counts the movements of the customer, after each of which it stands as it then was
  SELECT account_id, happened_at, known_at, kept, plan, ages,
    SUM(weight_change) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS weight,
    SUM(marks_change) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS marks,
    SUM(voices_change) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS voices,
    SUM(is_move) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS stay
  FROM moments
), carried AS (
  SELECT account_id, happened_at, known_at, ages, 2 * marks + weight AS part, 2 * weight AS whole, voices,
    MAX(kept) OVER (PARTITION BY account_id, stay) AS is_customer, MAX(plan) OVER (PARTITION BY account_id, stay) AS main_plan
  FROM levels
), standing AS (
  SELECT account_id, happened_at, known_at, ages, is_customer, main_plan, CASE WHEN is_customer = 1 AND voices > 0 THEN 1 ELSE 0 END AS is_scored,
    CASE WHEN is_customer = 1 AND voices > 0
      THEN CAST(ROUND(CAST(part - part % NULLIF(whole, 0) AS DOUBLE) / NULLIF(CAST(whole AS DOUBLE), 0)) AS BIGINT) ELSE 0 END AS score
  FROM carried
), followed AS (
  SELECT account_id, happened_at, known_at, ages, is_customer, main_plan, is_scored, score,
    ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY happened_at) AS turn,
    LAG(is_customer) OVER (PARTITION BY account_id ORDER BY happened_at) AS last_customer,
    LAG(main_plan) OVER (PARTITION BY account_id ORDER BY happened_at) AS last_plan,
    LAG(is_scored) OVER (PARTITION BY account_id ORDER BY happened_at) AS last_scored,
    LAG(score) OVER (PARTITION BY account_id ORDER BY happened_at) AS last_score
  FROM standing
), turned AS (
  SELECT account_id, happened_at, known_at, is_customer, main_plan, is_scored, score,
    CASE WHEN turn > 1 THEN last_customer ELSE 0 END AS was_customer, last_plan, last_scored, last_score
  FROM followed
  WHERE turn = 1 OR ages = 1 OR last_customer <> is_customer OR last_plan <> main_plan OR last_scored <> is_scored OR last_score <> score
), stays AS (
  SELECT *, LAG(happened_at) OVER (PARTITION BY account_id ORDER BY happened_at) AS last_at FROM turned
)
SELECT account_id, happened_at, known_at, happened_at AS placed_at, main_plan AS plan, CAST(1 AS BIGINT) AS accounts, CAST(is_scored AS BIGINT) AS scored,
  CAST(score AS BIGINT) AS points, CAST(CASE WHEN is_scored = 1 AND score < 50 THEN 1 ELSE 0 END AS BIGINT) AS at_risk
FROM stays
WHERE is_customer = 1
UNION ALL
SELECT account_id, happened_at, known_at, last_at AS placed_at, last_plan AS plan, CAST(-1 AS BIGINT) AS accounts, CAST(-last_scored AS BIGINT) AS scored,
  CAST(-last_score AS BIGINT) AS points, CAST(CASE WHEN last_scored = 1 AND last_score < 50 THEN -1 ELSE 0 END AS BIGINT) AS at_risk
FROM stays
WHERE was_customer = 1
