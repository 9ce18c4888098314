-- terms: contracts, each on the day on which it is up for renewal.
--
-- Key     contract_id
-- Reads   contracts, account_roots, calendar_days, rates
-- Policy  $fx, $currency, $first_day, $last_day
-- Columns happened_at: the beginning of the local day ends_on; over_at: its end; outcome: open, renewed or lost; native: the value that is due,
--         in `currency`; due_amount: likewise, renewed_amount: what was renewed of it (all of it where a renewed contract does
--         not say), expansion_amount: what was signed on top of it, renewed value beyond the value due included; all three
--         in the company's currency at the rate of happened_at (UTC), the last known one ahead; null where none is known
-- Law     renewed_amount is between 0 and due_amount; it and expansion_amount are 0 where the contract was not renewed
WITH owned AS (
  SELECT COALESCE(r.root_id, c.account_id, '') AS account_id, c.contract_id AS contract_id, c.subscription_id AS subscription_id,
    COALESCE(d.starts_at, CAST(c.ends_on AS TIMESTAMP)) AS happened_at,
    COALESCE(d.ends_at, CAST(c.ends_on AS TIMESTAMP) + INTERVAL 1 DAY) AS over_at, c.outcome AS outcome, c.decided_at AS decided_at,
    COALESCE(c.currency, $currency) AS currency, c.value AS due,
    CASE WHEN c.outcome = 'renewed' THEN COALESCE(c.renewed_value, c.value) ELSE CAST(0 AS DECIMAL(18, 4)) END AS kept,
    CASE WHEN c.outcome = 'renewed' THEN COALESCE(c.expansion_value, CAST(0 AS DECIMAL(18, 4))) ELSE CAST(0 AS DECIMAL(18, 4)) END AS added
  FROM contracts AS c
  LEFT JOIN account_roots AS r ON r.account_id = c.account_id
  LEFT JOIN calendar_days AS d ON d.day = c.ends_on
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE
), dated AS (
  SELECT account_id, contract_id, subscription_id, happened_at, over_at, outcome, decided_at, currency, due,
    CASE WHEN kept > due THEN due ELSE kept END AS renewed, CASE WHEN kept > due THEN added + kept - due ELSE added END AS expansion,
    CASE WHEN $fx = 'latest' THEN CAST($last_day AS DATE)
      ELSE LEAST(GREATEST(CAST(happened_at AS DATE), CAST($first_day AS DATE)), CAST($last_day AS DATE)) END AS rate_day
  FROM owned
)
SELECT d.account_id AS account_id, d.contract_id AS contract_id, d.subscription_id AS subscription_id, d.happened_at AS happened_at,
  d.over_at AS over_at, d.outcome AS outcome, d.decided_at AS decided_at, d.currency AS currency, CAST(d.due AS DECIMAL(18, 4)) AS native,
  CAST(CAST(d.due AS DECIMAL(22, 4)) * f.rate AS DECIMAL(38, 14)) AS due_amount,
  CAST(CAST(d.renewed AS DECIMAL(22, 4)) * f.rate AS DECIMAL(38, 14)) AS renewed_amount,
  CAST(CAST(d.expansion AS DECIMAL(22, 4)) * f.rate AS DECIMAL(38, 14)) AS expansion_amount
FROM dated AS d
LEFT JOIN rates AS f ON f.currency = d.currency AND f.day = d.rate_day
