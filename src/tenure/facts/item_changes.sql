-- item_changes: what each subscription item is priced at a month, and when that changes.
--
-- Key     account_id, subscription_id, item_id, plan, currency, class, happened_at
-- Reads   subscription_periods, subscriptions, plans, account_roots
-- Policy  $discounts, $paused, $past_due_days (-1: counted), $churn_at, $week_num / $week_den and $day_num / $day_den
--         (weeks and days of a month, as a fraction), $currency (where a row names none)
-- Columns class: paying, trial, paused, free (100 % off too), or notice (paying, and already cancelled for later);
--         net4, list4: change of the price after and before discount, in ten-thousandths; items: change of their number;
--         started_at: when the item began
-- Law     every running sum of items is 0 or 1 for an item and class other than notice; the price is rounded once, half up
WITH owned AS (
  SELECT COALESCE(r.root_id, p.account_id) AS account_id, p.subscription_id AS subscription_id, p.item_id AS item_id,
    COALESCE(p.plan, '(none)') AS plan, COALESCE(p.currency, $currency) AS currency, p.starts_at AS starts_at, p.ends_at AS ends_at,
    CASE WHEN COALESCE(n.is_free, FALSE) THEN 'free' ELSE p.state END AS state, s.cancel_requested_at AS requested_at,
    CAST(CAST(p.unit_amount AS DECIMAL(38, 4)) * 10000 AS DECIMAL(38, 0)) AS unit4,
    CAST(CAST(p.quantity AS DECIMAL(38, 4)) * 10000 AS DECIMAL(38, 0)) AS quantity4,
    CAST(CAST(p.mrr AS DECIMAL(38, 4)) * 10000 AS DECIMAL(38, 0)) AS given4,
    CAST(CAST(COALESCE(p.discount_percent, 0) AS DECIMAL(38, 4)) * 10000 AS DECIMAL(38, 0)) AS percent4,
    CAST(CAST(COALESCE(p.discount_amount, 0) AS DECIMAL(38, 4)) * 10000 AS DECIMAL(38, 0)) AS off4,
    CASE WHEN $discounts = 'all' OR ($discounts = 'forever' AND COALESCE(p.discount_duration, 'forever') = 'forever') THEN 1 ELSE 0 END AS is_discounted,
    CAST(CASE p.billing_interval WHEN 'month' THEN 1 WHEN 'year' THEN 1 WHEN 'week' THEN $week_num ELSE $day_num END AS DECIMAL(38, 0)) AS months_num,
    CAST(p.interval_count AS DECIMAL(38, 0)) * CASE p.billing_interval WHEN 'month' THEN 1 WHEN 'year' THEN 12 WHEN 'week' THEN $week_den ELSE $day_den END AS months_den
  FROM subscription_periods AS p
  LEFT JOIN account_roots AS r ON r.account_id = p.account_id
  LEFT JOIN subscriptions AS s ON s.subscription_id = p.subscription_id
  LEFT JOIN plans AS n ON n.plan = p.plan
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE
), followed AS (  -- the period of the same item that begins next
  SELECT *,
    MIN(starts_at) OVER (PARTITION BY account_id, subscription_id, item_id) AS started_at,
    ROW_NUMBER() OVER (PARTITION BY account_id, subscription_id, item_id ORDER BY starts_at) AS n,
    COUNT(*) OVER (PARTITION BY account_id, subscription_id, item_id) AS n_all,
    LEAD(starts_at) OVER (PARTITION BY account_id, subscription_id, item_id ORDER BY starts_at) AS next_starts_at
  FROM owned
), trimmed AS (  -- of two periods that overlap the later start ends the earlier one
  SELECT account_id, subscription_id, item_id, plan, currency, starts_at, state, requested_at, unit4, quantity4, given4, percent4, off4,
    is_discounted, months_num, months_den, started_at, n,
    CASE WHEN n < n_all AND (ends_at IS NULL OR next_starts_at < ends_at) THEN next_starts_at ELSE ends_at END AS ends_at
  FROM followed
), linked AS (  -- does a past-due period go on where another one ended?
  SELECT *,
    LAG(state) OVER (PARTITION BY account_id, subscription_id, item_id ORDER BY starts_at) AS last_state,
    LAG(ends_at) OVER (PARTITION BY account_id, subscription_id, item_id ORDER BY starts_at) AS last_ends_at
  FROM trimmed
), runs AS (
  SELECT *,
    SUM(CASE WHEN n > 1 AND state = 'past_due' AND last_state = 'past_due' AND last_ends_at = starts_at THEN 0 ELSE 1 END)
      OVER (PARTITION BY account_id, subscription_id, item_id ORDER BY starts_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
  FROM linked
), due AS (
  SELECT *,
    MIN(starts_at) OVER (PARTITION BY account_id, subscription_id, item_id, run) + INTERVAL ($past_due_days) DAY AS given_up_at
  FROM runs
), ended AS (  -- where the policy ends a period early
  SELECT *,
    CASE WHEN $past_due_days >= 0 AND state = 'past_due' AND (ends_at IS NULL OR given_up_at < ends_at) THEN given_up_at ELSE ends_at END AS unpaid_at
  FROM due
), spans AS (
  SELECT *,
    CASE WHEN $churn_at = 'request' AND requested_at IS NOT NULL AND (unpaid_at IS NULL OR requested_at < unpaid_at) THEN requested_at ELSE unpaid_at END AS stops_at
  FROM ended
), fractions AS (  -- a month's price as an exact fraction: part / whole, before and after discount
  SELECT *,
    unit4 * quantity4 * 1000000 * months_num AS list_part,
    CASE WHEN unit4 * quantity4 * (1000000 - percent4) > off4 * 10000000000
      THEN (unit4 * quantity4 * (1000000 - percent4) - off4 * 10000000000) * months_num ELSE 0 END AS net_part,
    off4 * 10000000000 * months_num AS off_part,
    CAST(10000000000 AS DECIMAL(38, 0)) * months_den AS whole
  FROM spans
  WHERE stops_at IS NULL OR stops_at > starts_at
), rests AS (
  SELECT *, list_part % whole AS list_rest, net_part % whole AS net_rest, off_part % whole AS off_rest FROM fractions
), rounded AS (  -- half up; the quotient is whole, so the division is exact
  SELECT *,
    CAST(ROUND(CAST(list_part - list_rest AS DOUBLE) / NULLIF(CAST(whole AS DOUBLE), 0)) AS BIGINT) + CASE WHEN 2 * list_rest >= whole THEN 1 ELSE 0 END AS listed4,
    CAST(ROUND(CAST(net_part - net_rest AS DOUBLE) / NULLIF(CAST(whole AS DOUBLE), 0)) AS BIGINT) + CASE WHEN 2 * net_rest >= whole THEN 1 ELSE 0 END AS netted4,
    CAST(ROUND(CAST(off_part - off_rest AS DOUBLE) / NULLIF(CAST(whole AS DOUBLE), 0)) AS BIGINT) + CASE WHEN 2 * off_rest >= whole THEN 1 ELSE 0 END AS offed4
  FROM rests
), listed AS (  -- a given month's value is net; what it was before discount is computed, or added; what is free anyway has no list price
  SELECT *, CASE WHEN state = 'free' THEN 0 WHEN unit4 IS NULL THEN CAST(given4 AS BIGINT) + offed4 ELSE listed4 END AS list4 FROM rounded
), priced AS (
  SELECT account_id, subscription_id, item_id, plan, currency, started_at, starts_at, stops_at, state, requested_at, list4,
    CASE WHEN is_discounted = 0 THEN list4 WHEN given4 IS NOT NULL THEN CAST(given4 AS BIGINT) ELSE netted4 END AS net4
  FROM listed
), classed AS (
  SELECT *,
    CASE WHEN state = 'trial' OR state = 'free' THEN state WHEN state = 'paused' AND $paused <> 'counted' THEN 'paused'
      WHEN net4 = 0 THEN 'free' ELSE 'paying' END AS standing
  FROM priced
), changes AS (
  SELECT account_id, subscription_id, item_id, plan, currency, started_at, standing AS class, starts_at AS happened_at, net4 AS net, list4 AS listed, 1 AS item FROM classed
  UNION ALL
  SELECT account_id, subscription_id, item_id, plan, currency, started_at, standing AS class, stops_at AS happened_at, -net4 AS net, -list4 AS listed, -1 AS item
  FROM classed WHERE stops_at IS NOT NULL
  UNION ALL
  SELECT account_id, subscription_id, item_id, plan, currency, started_at, 'notice' AS class,
    CASE WHEN requested_at > starts_at THEN requested_at ELSE starts_at END AS happened_at, net4 AS net, list4 AS listed, 1 AS item
  FROM classed WHERE standing = 'paying' AND requested_at IS NOT NULL AND (stops_at IS NULL OR requested_at < stops_at)
  UNION ALL
  SELECT account_id, subscription_id, item_id, plan, currency, started_at, 'notice' AS class, stops_at AS happened_at, -net4 AS net, -list4 AS listed, -1 AS item
  FROM classed WHERE standing = 'paying' AND requested_at IS NOT NULL AND requested_at < stops_at
)
SELECT account_id, subscription_id, item_id, plan, currency, class, happened_at, started_at,
  CAST(SUM(net) AS BIGINT) AS net4, CAST(SUM(listed) AS BIGINT) AS list4, CAST(SUM(item) AS BIGINT) AS items
FROM changes
GROUP BY account_id, subscription_id, item_id, plan, currency, class, happened_at, started_at
HAVING SUM(net) <> 0 OR SUM(listed) <> 0 OR SUM(item) <> 0
