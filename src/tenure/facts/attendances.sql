-- attendances: every training and webinar of an account, beside each stay as a customer that was not over by then.
--
-- Key     touch_id, stays_from
-- Reads   contacts, customers
-- Policy  none of its own
-- Columns stays_from, stays_until: when the account became a customer, and ceased to be one (null: it still is)
-- Law     the stays of an account do not overlap, and none ended before the touch
WITH turns AS (
  SELECT account_id, happened_at, SUM(accounts) AS change
  FROM customers
  GROUP BY account_id, happened_at
  HAVING SUM(accounts) <> 0
), followed AS (
  SELECT account_id, happened_at, change, ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY happened_at) AS turn,
    COUNT(*) OVER (PARTITION BY account_id) AS turns, LEAD(happened_at) OVER (PARTITION BY account_id ORDER BY happened_at) AS next_at
  FROM turns
), stays AS (
  SELECT account_id, happened_at AS stays_from, CASE WHEN turn < turns THEN next_at END AS stays_until
  FROM followed
  WHERE change > 0
)
SELECT c.account_id AS account_id, c.person_id AS person_id, c.touch_id AS touch_id, c.happened_at AS happened_at, c.kind AS kind,
  s.stays_from AS stays_from, s.stays_until AS stays_until
FROM contacts AS c
JOIN stays AS s ON s.account_id = c.account_id
WHERE (c.kind = 'training' OR c.kind = 'webinar') AND (s.stays_until IS NULL OR s.stays_until > c.happened_at)
