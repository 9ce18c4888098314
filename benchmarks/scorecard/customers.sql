-- metric: advocates
SELECT m.month, sum(n) FROM months AS m JOIN (
  SELECT month_of(happened_at) AS month, sum(accounts) AS n FROM facts.advocates GROUP BY month
) AS a ON a.month < closes GROUP BY m.month;

-- metric: churned_customers
SELECT month_of(happened_at) AS month, -sum(accounts) FROM facts.customers WHERE kind = 'churn' AND within(happened_at) GROUP BY month;

-- metric: customer_churn_rate
SELECT month, churned / accounts FROM (
  SELECT month_of(happened_at) AS month, count(DISTINCT account_id) AS churned
  FROM facts.customers WHERE kind = 'churn' AND within(happened_at) GROUP BY month
) JOIN customers_at() ON cut = month;

-- metric: customer_retention_rate
SELECT month, (accounts + kept) / accounts FROM (
  SELECT month_of(happened_at) AS month, sum(accounts) FILTER (kind <> 'new') AS kept FROM facts.customers WHERE within(happened_at) GROUP BY month
) JOIN customers_at() ON cut = month;

-- metric: customers
SELECT month, accounts FROM months JOIN customers_at() ON cut = closes;

-- metric: free_to_paid_conversion_rate
WITH flows AS (
  SELECT month_of(happened_at) AS month, count(*) AS n FROM facts.signups GROUP BY month
  UNION ALL SELECT month_of(closed_at), -count(*) FROM facts.signups WHERE closed_at IS NOT NULL GROUP BY ALL
), known AS (
  SELECT m.month, sum(n) AS n FROM months AS m JOIN flows AS f ON f.month < closes GROUP BY m.month
), converted AS (
  SELECT month_of(converted_at) AS month, count(*) AS n FROM facts.signups
  WHERE is_free AND within(converted_at) AND (closed_at IS NULL OR closed_at >= month_of(converted_at) + INTERVAL 1 MONTH) GROUP BY month
)
SELECT month, coalesce(converted.n, 0) / known.n FROM known LEFT JOIN converted USING (month);

-- metric: involuntary_churn_share
SELECT month_of(c.happened_at) AS month, sum(accounts) FILTER (end_kind = 'involuntary') / sum(accounts) FILTER (end_kind IN ('voluntary', 'involuntary'))
FROM facts.customers AS c JOIN rows.subscriptions AS s USING (subscription_id) WHERE kind = 'churn' AND within(c.happened_at) GROUP BY month;

-- metric: net_customer_growth
SELECT month_of(happened_at) AS month, sum(accounts) FROM facts.customers WHERE within(happened_at) GROUP BY month;

-- metric: new_customers
FROM gained();

-- metric: reactivated_customers
SELECT month_of(happened_at) AS month, sum(accounts) FROM facts.customers WHERE kind = 'reactivation' AND within(happened_at) GROUP BY month;

-- metric: referral_conversion_rate
SELECT month_of(happened_at) AS month, count(*) FILTER (converted_at < until()) / count(*)
FROM facts.referred WHERE kind = 'referral' AND within(happened_at) GROUP BY month;

-- metric: referral_rate
SELECT month, coalesce(n, 0) / accounts FROM months JOIN customers_at() ON cut = closes LEFT JOIN (
  SELECT month_of(happened_at) AS month, count(*) AS n FROM facts.referred WHERE kind = 'referral' AND within(happened_at) GROUP BY month
) USING (month);

-- metric: referrals
SELECT month_of(happened_at) AS month, count(*) FROM facts.referred WHERE kind = 'referral' AND within(happened_at) GROUP BY month;

-- metric: trailing_retention_rate
WITH rates AS (
  SELECT month, (accounts + kept) / accounts AS rate FROM (
    SELECT month_of(happened_at) AS month, sum(accounts) FILTER (kind <> 'new') AS kept FROM facts.customers
    WHERE happened_at >= TIMESTAMP '2024-01-01' AND happened_at < until() GROUP BY month
  ) JOIN customers_at() ON cut = month
)
SELECT month, avg(rate) OVER (ORDER BY month ROWS 5 PRECEDING) FROM rates QUALIFY month >= since();

-- metric: trial_conversion_rate
SELECT month_of(happened_at) AS month, count(*) FILTER (converted_at <= until()) / count(*) FROM facts.trials WHERE within(happened_at) GROUP BY month;

-- metric: voluntary_churn_share
SELECT month_of(c.happened_at) AS month, sum(accounts) FILTER (end_kind = 'voluntary') / sum(accounts) FILTER (end_kind IN ('voluntary', 'involuntary'))
FROM facts.customers AS c JOIN rows.subscriptions AS s USING (subscription_id) WHERE kind = 'churn' AND within(c.happened_at) GROUP BY month;
