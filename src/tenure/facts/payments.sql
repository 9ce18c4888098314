-- payments: money that changed hands, what was paid back subtracted.
--
-- Key     transaction_id
-- Reads   transactions, account_roots, person_roots, rates
-- Policy  $fx, $currency, $first_day, $last_day
-- Columns kind: charge, refund or credit; is_recurring: as told, else whether it names a subscription; native: in `currency`,
--         charges positive, refunds and credits negative; amount: in the company's currency at the rate of its day (UTC),
--         null where no rate is known; person_id, order_id: '' where none is named
-- Law     native adds up to the charges less the refunds and credits of everybody who counts
WITH owned AS (
  SELECT COALESCE(r.root_id, t.account_id, u.account_id, '') AS account_id, COALESCE(u.root_id, t.person_id, '') AS person_id,
    t.transaction_id AS transaction_id, t.happened_at AS happened_at, t.kind AS kind, t.subscription_id AS subscription_id,
    COALESCE(t.order_id, '') AS order_id, COALESCE(t.currency, $currency) AS currency,
    COALESCE(t.is_recurring, CASE WHEN t.subscription_id IS NULL THEN FALSE ELSE TRUE END) AS is_recurring,
    CASE WHEN t.kind = 'charge' THEN t.amount ELSE -t.amount END AS native
  FROM transactions AS t
  LEFT JOIN account_roots AS r ON r.account_id = t.account_id
  LEFT JOIN person_roots AS u ON u.person_id = t.person_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(u.is_left_out, FALSE) = FALSE
), dated AS (  -- the day whose rate the policy reads
  SELECT *,
    CASE WHEN $fx = 'latest' THEN CAST($last_day AS DATE)
      ELSE LEAST(GREATEST(CAST(happened_at AS DATE), CAST($first_day AS DATE)), CAST($last_day AS DATE)) END AS rate_day
  FROM owned
)
SELECT d.account_id AS account_id, d.person_id AS person_id, d.transaction_id AS transaction_id, d.happened_at AS happened_at, d.kind AS kind,
  d.is_recurring AS is_recurring, d.subscription_id AS subscription_id, d.order_id AS order_id, d.currency AS currency,
  CAST(d.native AS DECIMAL(18, 4)) AS native, CAST(CAST(d.native AS DECIMAL(22, 4)) * f.rate AS DECIMAL(38, 14)) AS amount
FROM dated AS d
LEFT JOIN rates AS f ON f.currency = d.currency AND f.day = d.rate_day
