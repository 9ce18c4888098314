-- signups: when each account is first known, and when it first pays.
--
-- Key     account_id
-- Reads   states, customers, accounts
-- Policy  $settle_minutes
-- Columns happened_at: signed up, or the first thing known of it, whichever was first; converted_at: its first payment, empty until
--         then; is_free: it was known before it paid, not in one movement with the payment; closed_at: the account was closed; known_at:
--         its first payment, else the beginning
-- Law     happened_at <= converted_at; as many rows with converted_at before an instant as customers of kind new
WITH known AS (
  SELECT account_id, MIN(happened_at) AS happened_at FROM states GROUP BY account_id
), paid AS (
  SELECT account_id, MIN(happened_at) AS paid_at FROM customers WHERE kind = 'new' GROUP BY account_id
)
SELECT k.account_id AS account_id, k.happened_at AS happened_at, p.paid_at AS converted_at,
  CASE WHEN p.paid_at IS NULL OR p.paid_at > k.happened_at + INTERVAL ($settle_minutes) MINUTE THEN TRUE ELSE FALSE END AS is_free,
  a.closed_at AS closed_at, COALESCE(p.paid_at, k.happened_at) AS known_at
FROM known AS k
LEFT JOIN paid AS p ON p.account_id = k.account_id
LEFT JOIN accounts AS a ON a.account_id = k.account_id
