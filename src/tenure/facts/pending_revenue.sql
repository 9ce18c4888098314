-- pending_revenue: what may be paid, or is about to stop: the prices of trials, and those already cancelled for later.
--
-- Key     account_id, subscription_id, item_id, plan, currency, kind, happened_at
-- Reads   item_changes, rates
-- Policy  $fx, $currency, $first_day, $last_day
-- Columns kind: trial or notice; worth, valued_in: as in `revenue`
-- Law     no running sum is negative
WITH dated AS (
  SELECT account_id, subscription_id, item_id, plan, currency, class AS kind, happened_at,
    CASE WHEN $fx = 'daily' THEN currency ELSE $currency END AS valued_in,
    CASE WHEN $fx = 'latest' THEN CAST($last_day AS DATE)
      ELSE LEAST(GREATEST(CAST(started_at AS DATE), CAST($first_day AS DATE)), CAST($last_day AS DATE)) END AS rate_day,
    CAST(CAST(net4 AS DECIMAL(18, 0)) * CAST(0.0001 AS DECIMAL(4, 4)) AS DECIMAL(22, 4)) AS native
  FROM item_changes
  WHERE net4 <> 0 AND (class = 'trial' OR class = 'notice')
)
SELECT d.account_id AS account_id, d.subscription_id AS subscription_id, d.item_id AS item_id, d.plan AS plan, d.currency AS currency, d.kind AS kind,
  d.happened_at AS happened_at, d.valued_in AS valued_in,
  CASE WHEN $fx = 'daily' THEN CAST(d.native AS DECIMAL(38, 14)) ELSE CAST(d.native * f.rate AS DECIMAL(38, 14)) END AS worth
FROM dated AS d
LEFT JOIN rates AS f ON f.currency = d.currency AND f.day = d.rate_day
