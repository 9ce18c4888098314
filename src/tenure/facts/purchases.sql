-- purchases: what was bought at one time: an order with all its charges, or a charge that belongs to none.
--
-- Key     account_id, purchase_id, is_order
-- Reads   payments
-- Policy  none of its own
-- Columns happened_at, person_id, currency: of its first charge; purchase_id: the order's id (is_order 1), else the charge's;
--         amount: what was charged, in the company's currency, refunds not subtracted; null where a charge has no rate;
--         nth: the account's first, second ... purchase; first_at: when its first one happened
-- Law     amount adds up to the charges of `payments`; an account's nth are 1, 2, 3 ... without gaps
WITH charges AS (
  SELECT account_id, person_id, transaction_id, happened_at, currency, amount,
    CAST(CASE WHEN order_id = '' THEN 0 ELSE 1 END AS BIGINT) AS is_order, CASE WHEN order_id = '' THEN transaction_id ELSE order_id END AS purchase_id
  FROM payments
  WHERE kind = 'charge'
), ranked AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY account_id, purchase_id, is_order ORDER BY happened_at, transaction_id) AS place
  FROM charges
), bought AS (
  SELECT account_id, purchase_id, is_order, MIN(happened_at) AS bought_at, MAX(CASE WHEN place = 1 THEN person_id END) AS buyer_id,
    MAX(CASE WHEN place = 1 THEN currency END) AS paid_in, CASE WHEN COUNT(amount) = COUNT(*) THEN SUM(amount) END AS paid
  FROM ranked
  GROUP BY account_id, purchase_id, is_order
)
SELECT account_id, buyer_id AS person_id, purchase_id, is_order, bought_at AS happened_at, paid_in AS currency,
  CAST(paid AS DECIMAL(38, 14)) AS amount,
  CAST(ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY bought_at, purchase_id, is_order) AS BIGINT) AS nth,
  MIN(bought_at) OVER (PARTITION BY account_id) AS first_at
FROM bought
