-- advocates: the accounts that speak for us, while they have not left: changes of a level.
--
-- Key     account_id, happened_at
-- Reads   referred, customers
-- Policy  none of its own
-- Columns accounts: +1 at the account's first review, testimonial, case study or reference, -1 where it ceases to be a customer,
--         +1 where it becomes one again; an account that never was one counts; placed_at: the instant of the +1
-- Law     the running sum of accounts is 0 or 1 for an account
WITH spoken AS (
  SELECT account_id, MIN(happened_at) AS spoke_at
  FROM referred
  WHERE kind <> 'referral'
  GROUP BY account_id
), happenings AS (
  SELECT account_id, spoke_at AS happened_at, CAST(1 AS BIGINT) AS speaks, CAST(0 AS BIGINT) AS keeps FROM spoken
  UNION ALL
  SELECT c.account_id AS account_id, c.happened_at AS happened_at, CAST(0 AS BIGINT) AS speaks, c.accounts AS keeps
  FROM customers AS c
  JOIN spoken AS s ON s.account_id = c.account_id
), instants AS (
  SELECT account_id, happened_at, SUM(speaks) AS speaks, SUM(keeps) AS keeps
  FROM happenings
  GROUP BY account_id, happened_at
), standing AS (
  SELECT account_id, happened_at,
    SUM(speaks) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS spoke,
    SUM(keeps) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS kept,
    SUM(CASE WHEN keeps > 0 THEN 1 ELSE 0 END) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS joined
  FROM instants
), named AS (
  SELECT account_id, happened_at, CASE WHEN spoke > 0 AND (kept > 0 OR joined = 0) THEN 1 ELSE 0 END AS speaks,
    ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY happened_at) AS turn
  FROM standing
), followed AS (
  SELECT *, LAG(speaks) OVER (PARTITION BY account_id ORDER BY turn) AS last_speaks FROM named
), turns AS (
  SELECT account_id, happened_at, speaks,
    LAG(happened_at) OVER (PARTITION BY account_id ORDER BY turn) AS last_at
  FROM followed
  WHERE (turn = 1 AND speaks = 1) OR (turn > 1 AND speaks <> last_speaks)
)
SELECT account_id, happened_at, CASE WHEN speaks = 1 THEN happened_at ELSE last_at END AS placed_at,
  CAST(CASE WHEN speaks = 1 THEN 1 ELSE -1 END AS BIGINT) AS accounts
FROM turns
