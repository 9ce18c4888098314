-- revenue: every change of recurring revenue, by item, labelled with its movement.
--
-- Key     account_id, unit_id, movement, happened_at, subscription_id, item_id, plan, currency, kind
-- Reads   item_changes, movements, rates
-- Policy  $movement_level, $fx, $currency (the company's), $first_day, $last_day (of the rates)
-- Columns kind: new, expansion, reactivation, contraction, churn, or transfer (sums to zero within a movement);
--         worth: the change in the currency `valued_in`, at whose rates a level is read: the row's own, or the company's
--         where the policy fixes a rate; list_worth: likewise, before discount; amount: the change in the company's currency
--         at the rate of the movement's day, null where no rate is known
-- Law     within one movement and `valued_in` gives and takes cancel, in the order of item ids, as transfer;
--         the rest carries the movement's kind
WITH moved AS (
  SELECT i.account_id AS account_id, CASE WHEN $movement_level = 'subscription' THEN i.subscription_id ELSE i.account_id END AS unit_id,
    COALESCE(m.movement, 0) AS movement, COALESCE(m.happened_at, i.happened_at) AS happened_at, COALESCE(m.kind, 'transfer') AS kind,
    i.subscription_id AS subscription_id, i.item_id AS item_id, i.plan AS plan, i.currency AS currency, i.started_at AS started_at,
    CASE WHEN i.class = 'paying' THEN i.net4 ELSE 0 END AS net, i.list4 AS listing
  FROM item_changes AS i
  LEFT JOIN movements AS m ON m.account_id = i.account_id AND m.changed_at = i.happened_at
    AND m.unit_id = CASE WHEN $movement_level = 'subscription' THEN i.subscription_id ELSE i.account_id END
  WHERE i.class = 'paying' OR (i.class = 'free' AND i.list4 <> 0)
), summed AS (
  SELECT account_id, unit_id, movement, happened_at, kind, subscription_id, item_id, plan, currency, started_at,
    CAST(SUM(net) AS DECIMAL(18, 0)) AS net4, CAST(SUM(listing) AS DECIMAL(18, 0)) AS list4
  FROM moved
  GROUP BY account_id, unit_id, movement, happened_at, kind, subscription_id, item_id, plan, currency, started_at
  HAVING SUM(net) <> 0 OR SUM(listing) <> 0
), dated AS (  -- the day whose rate the policy reads
  SELECT *,
    CASE WHEN $fx = 'latest' THEN CAST($last_day AS DATE)
      WHEN $fx = 'purchase' THEN LEAST(GREATEST(CAST(started_at AS DATE), CAST($first_day AS DATE)), CAST($last_day AS DATE))
      ELSE LEAST(GREATEST(CAST(happened_at AS DATE), CAST($first_day AS DATE)), CAST($last_day AS DATE)) END AS rate_day,
    CASE WHEN $fx = 'daily' THEN currency ELSE $currency END AS valued_in,
    CAST(net4 * CAST(0.0001 AS DECIMAL(4, 4)) AS DECIMAL(18, 4)) AS native,
    CAST(list4 * CAST(0.0001 AS DECIMAL(4, 4)) AS DECIMAL(18, 4)) AS listed
  FROM summed
), valued AS (
  SELECT d.account_id AS account_id, d.unit_id AS unit_id, d.movement AS movement, d.happened_at AS happened_at, d.kind AS kind,
    d.subscription_id AS subscription_id, d.item_id AS item_id, d.plan AS plan, d.currency AS currency, d.native AS native, d.valued_in AS valued_in,
    CASE WHEN $fx = 'daily' THEN CAST(d.native AS DECIMAL(38, 14)) ELSE CAST(CAST(d.native AS DECIMAL(22, 4)) * f.rate AS DECIMAL(38, 14)) END AS worth,
    CASE WHEN $fx = 'daily' THEN CAST(d.listed AS DECIMAL(38, 14)) ELSE CAST(CAST(d.listed AS DECIMAL(22, 4)) * f.rate AS DECIMAL(38, 14)) END AS list_worth,
    CAST(CAST(d.native AS DECIMAL(22, 4)) * f.rate AS DECIMAL(38, 14)) AS amount,
    CASE WHEN $fx = 'daily' THEN f.rate ELSE CAST(1 AS DECIMAL(16, 10)) END AS rate
  FROM dated AS d
  LEFT JOIN rates AS f ON f.currency = d.currency AND f.day = d.rate_day
), totals AS (
  SELECT *,
    COALESCE(SUM(amount) OVER (PARTITION BY account_id, unit_id, movement, happened_at), 0) AS total,
    SUM(native) OVER (PARTITION BY account_id, unit_id, movement, happened_at) AS native_total
  FROM valued
), named AS (
  SELECT account_id, unit_id, movement, happened_at, subscription_id, item_id, plan, currency, valued_in, native, worth, list_worth, rate,
    CASE WHEN kind <> 'change' THEN kind WHEN total > 0 THEN 'expansion' WHEN total < 0 THEN 'contraction'
      WHEN amount IS NULL AND native_total > 0 THEN 'expansion' WHEN amount IS NULL AND native_total < 0 THEN 'contraction' ELSE 'transfer' END AS kind,
    CASE WHEN worth > 0 THEN worth ELSE -worth END AS size, CASE WHEN native > 0 THEN 1 ELSE -1 END AS side
  FROM totals
), sides AS (
  SELECT *,
    SUM(CASE WHEN side = 1 THEN size ELSE 0 END) OVER (PARTITION BY account_id, unit_id, movement, happened_at, valued_in) AS gives,
    SUM(CASE WHEN side = -1 THEN size ELSE 0 END) OVER (PARTITION BY account_id, unit_id, movement, happened_at, valued_in) AS takes,
    SUM(size) OVER (PARTITION BY account_id, unit_id, movement, happened_at, valued_in, side ORDER BY item_id, subscription_id, plan, currency
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - size AS already
  FROM named
), met AS (
  SELECT *, CASE WHEN gives < takes THEN gives ELSE takes END AS meets FROM sides
), cut AS (  -- of each side, what meets the other one cancels first
  SELECT *,
    CAST(CASE WHEN already >= meets THEN 0 WHEN already + size <= meets THEN size ELSE meets - already END AS DECIMAL(38, 14)) AS cancelled
  FROM met
), labelled AS (
  SELECT account_id, unit_id, movement, happened_at, CASE WHEN size = 0 THEN 'transfer' ELSE kind END AS kind, subscription_id, item_id, plan, currency,
    valued_in, rate, CAST(side * (size - cancelled) AS DECIMAL(38, 14)) AS share, list_worth
  FROM cut
  WHERE cancelled = 0 OR size > cancelled OR worth IS NULL
  UNION ALL
  SELECT account_id, unit_id, movement, happened_at, 'transfer' AS kind, subscription_id, item_id, plan, currency,
    valued_in, rate, CAST(side * cancelled AS DECIMAL(38, 14)) AS share, CASE WHEN size > cancelled THEN CAST(0 AS DECIMAL(38, 14)) ELSE list_worth END AS list_worth
  FROM cut
  WHERE cancelled > 0
)
SELECT account_id, unit_id, CAST(movement AS BIGINT) AS movement, happened_at, kind, subscription_id, item_id, plan, currency, valued_in, share AS worth, list_worth,
  CASE WHEN $fx = 'daily' THEN CAST(CAST(share AS DECIMAL(22, 4)) * rate AS DECIMAL(38, 14)) ELSE share END AS amount
FROM labelled
