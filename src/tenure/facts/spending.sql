-- spending: costs, spread evenly over their days.
--
-- Key     cost_id, happened_at
-- Reads   costs, accounts, account_roots, calendar_days, rates
-- Policy  $fx, $currency, $first_day, $last_day
-- Columns account_id: whom it was spent on, '' for all; happened_at: the beginning of a local day from from_date to to_date;
--         bucket: what for; channel: the cost's own, else its account's; native: the day's share, in `currency`;
--         amount: in the company's currency at the rate of happened_at (UTC), null where no rate is known
-- Law     native of a cost's first n of N days is n/N of it, rounded down to ten-thousandths: all of it over all days, and
--         over any of them off by less than 0.0001
WITH owned AS (
  SELECT COALESCE(r.root_id, c.account_id, '') AS account_id, c.cost_id AS cost_id, c.bucket AS bucket,
    COALESCE(c.channel, a.channel, '(none)') AS channel, COALESCE(c.currency, $currency) AS currency,
    c.from_date AS from_date, c.to_date AS to_date, CAST(CAST(c.amount AS DECIMAL(38, 4)) * 10000 AS DECIMAL(38, 0)) AS amount4,
    EXTRACT(YEAR FROM c.from_date) * 12 + EXTRACT(MONTH FROM c.from_date) AS first_month,
    CASE WHEN EXTRACT(YEAR FROM c.to_date) * 12 + EXTRACT(MONTH FROM c.to_date) > EXTRACT(YEAR FROM c.from_date) * 12 + EXTRACT(MONTH FROM c.from_date)
      THEN 1 ELSE 0 END AS is_long
  FROM costs AS c
  LEFT JOIN account_roots AS r ON r.account_id = c.account_id
  LEFT JOIN accounts AS a ON a.account_id = COALESCE(r.root_id, c.account_id)
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE
), days AS (  -- most costs are a month's: they meet the days of the one month, and only the others meet all
  SELECT o.account_id AS account_id, o.cost_id AS cost_id, o.bucket AS bucket, o.channel AS channel, o.currency AS currency, o.amount4 AS amount4,
    d.starts_at AS happened_at
  FROM owned AS o
  JOIN calendar_days AS d ON EXTRACT(YEAR FROM d.day) * 12 + EXTRACT(MONTH FROM d.day) = o.first_month
  WHERE d.day >= o.from_date AND d.day <= o.to_date
  UNION ALL
  SELECT o.account_id AS account_id, o.cost_id AS cost_id, o.bucket AS bucket, o.channel AS channel, o.currency AS currency, o.amount4 AS amount4,
    d.starts_at AS happened_at
  FROM owned AS o
  JOIN calendar_days AS d ON CASE WHEN d.day IS NULL THEN 0 ELSE 1 END = o.is_long
  WHERE EXTRACT(YEAR FROM d.day) * 12 + EXTRACT(MONTH FROM d.day) > o.first_month AND d.day <= o.to_date
), counted AS (
  SELECT *,
    CAST(COUNT(*) OVER (PARTITION BY cost_id) AS BIGINT) AS of_days,
    CAST(ROW_NUMBER() OVER (PARTITION BY cost_id ORDER BY happened_at) AS BIGINT) AS nth_day
  FROM days
), parted AS (  -- what goes into the days without rest, and the rest
  SELECT *, CAST(amount4 % CAST(of_days AS DECIMAL(38, 0)) AS BIGINT) AS rest4 FROM counted
), placed AS (
  SELECT account_id, cost_id, bucket, channel, currency, happened_at, of_days,
    CAST(ROUND(CAST(amount4 - CAST(rest4 AS DECIMAL(38, 0)) AS DOUBLE) / NULLIF(CAST(of_days AS DOUBLE), 0)) AS BIGINT) AS even4,
    rest4 * nth_day AS upto, rest4 * (nth_day - 1) AS before_it
  FROM parted
), shares AS (
  SELECT account_id, cost_id, bucket, channel, currency, happened_at,
    even4 + CAST(ROUND(CAST(upto - upto % of_days AS DOUBLE) / NULLIF(CAST(of_days AS DOUBLE), 0)) AS BIGINT)
      - CAST(ROUND(CAST(before_it - before_it % of_days AS DOUBLE) / NULLIF(CAST(of_days AS DOUBLE), 0)) AS BIGINT) AS share4,
    CASE WHEN $fx = 'latest' THEN CAST($last_day AS DATE)
      ELSE LEAST(GREATEST(CAST(happened_at AS DATE), CAST($first_day AS DATE)), CAST($last_day AS DATE)) END AS rate_day
  FROM placed
), priced AS (
  SELECT *, CAST(CAST(share4 AS DECIMAL(18, 0)) * CAST(0.0001 AS DECIMAL(4, 4)) AS DECIMAL(18, 4)) AS native FROM shares
)
SELECT p.account_id AS account_id, p.cost_id AS cost_id, p.bucket AS bucket, p.channel AS channel, p.currency AS currency,
  p.happened_at AS happened_at, p.native AS native, CAST(CAST(p.native AS DECIMAL(22, 4)) * f.rate AS DECIMAL(38, 14)) AS amount
FROM priced AS p
LEFT JOIN rates AS f ON f.currency = p.currency AND f.day = p.rate_day
