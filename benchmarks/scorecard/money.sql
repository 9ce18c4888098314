-- metric: average_purchase_value
SELECT month, amount / purchases FROM bought();

-- metric: cac
SELECT month, amount / accounts FROM spent('acquisition') JOIN gained() USING (month);

-- metric: cac_payback
SELECT month, amount / gained.accounts / (mrr / paying * margin) * 365 / 12 * 86400
FROM months JOIN spent('acquisition') USING (month) JOIN gained() AS gained USING (month) JOIN margins() USING (month)
JOIN mrr_at() AS m ON m.cut = closes JOIN customers_at() AS c ON c.cut = closes;

-- metric: clv
SELECT month, amount / buyers * days * 12 / 365 FROM months JOIN bought() USING (month) JOIN lives_at() ON cut = closes;

-- metric: clv_by_churn
WITH churned AS (
  SELECT month_of(happened_at) AS month, count(DISTINCT account_id) AS n FROM facts.customers
  WHERE kind = 'churn' AND happened_at >= TIMESTAMP '2023-12-01' AND happened_at < until() GROUP BY month
), before AS (
  SELECT cut AS month, avg(coalesce(n, 0) / accounts) OVER (ORDER BY cut ROWS BETWEEN 6 PRECEDING AND 1 PRECEDING) AS churn
  FROM customers_at() LEFT JOIN churned ON month = cut
)
SELECT month, mrr / paying * margin / churn
FROM months JOIN before USING (month) JOIN margins() USING (month) JOIN mrr_at() AS m ON m.cut = closes JOIN customers_at() AS c ON c.cut = closes;

-- metric: clv_net
SELECT month, mrr / paying * days * 12 / 365 - amount / gained.accounts
FROM months JOIN spent('acquisition') USING (month) JOIN gained() AS gained USING (month)
JOIN mrr_at() AS m ON m.cut = closes JOIN customers_at() AS c ON c.cut = closes JOIN lives_at() AS l ON l.cut = closes;

-- metric: clv_to_cac
SELECT month, b.amount / buyers * days * 12 / 365 / (s.amount / accounts)
FROM months JOIN bought() AS b USING (month) JOIN spent('acquisition') AS s USING (month) JOIN gained() USING (month) JOIN lives_at() ON cut = closes;

-- metric: customer_base_value
SELECT month, accounts * mrr / paying * days * 12 / 365
FROM months JOIN mrr_at() AS m ON m.cut = closes JOIN customers_at() AS c ON c.cut = closes JOIN lives_at() AS l ON l.cut = closes;

-- metric: customer_profit
SELECT month, sum(amount) FROM (
  SELECT month_of(happened_at) AS month, amount FROM facts.payments WHERE within(happened_at)
  UNION ALL SELECT month_of(happened_at), -amount FROM facts.spending WHERE within(happened_at)
) GROUP BY month;

-- metric: gross_renewal_rate
SELECT month_of(happened_at) AS month, sum(renewed_amount) FILTER (coalesce(decided_at, happened_at) <= until()) / CAST(sum(due_amount) AS DOUBLE)
FROM facts.terms WHERE within(happened_at) GROUP BY month;

-- metric: net_renewal_rate
SELECT month_of(happened_at) AS month,
  sum(renewed_amount + expansion_amount) FILTER (coalesce(decided_at, happened_at) <= until()) / CAST(sum(due_amount) AS DOUBLE)
FROM facts.terms WHERE within(happened_at) GROUP BY month;

-- metric: purchase_frequency
SELECT month, purchases / buyers FROM bought();

-- metric: rebuy_rate
SELECT month_of(happened_at) AS month, count(DISTINCT account_id) FILTER (first_at < month_of(happened_at)) / count(DISTINCT account_id)
FROM facts.purchases WHERE within(happened_at) GROUP BY month;

-- metric: recurring_revenue_share
SELECT month_of(happened_at) AS month, sum(amount) FILTER (is_recurring) / CAST(sum(amount) AS DOUBLE)
FROM facts.payments WHERE within(happened_at) GROUP BY month;

-- metric: renewal_rate
SELECT month_of(happened_at) AS month, count(*) FILTER (outcome = 'renewed' AND coalesce(decided_at, happened_at) <= until()) / count(*)
FROM facts.terms WHERE within(happened_at) GROUP BY month;

-- metric: renewals_due
SELECT month_of(happened_at) AS month, count(*) FROM facts.terms WHERE within(happened_at) GROUP BY month;

-- metric: renewals_due_value
SELECT month_of(happened_at) AS month, sum(due_amount) FROM facts.terms WHERE within(happened_at) GROUP BY month;

-- metric: repeat_purchase_ratio
SELECT m.month, sum(second) / sum(first) FROM months AS m JOIN (
  SELECT month_of(happened_at) AS month, count(*) FILTER (nth = 1) AS first, count(*) FILTER (nth = 2) AS second FROM facts.purchases GROUP BY month
) AS p ON p.month < closes GROUP BY m.month;

-- metric: retention_cost
SELECT month_of(happened_at) AS month, sum(amount) FROM facts.spending
WHERE bucket IN ('support', 'success', 'email', 'self_service', 'tickets') AND within(happened_at) GROUP BY month;

-- metric: retention_cost_per_customer
SELECT month, coalesce(amount, 0) / ((o.accounts + c.accounts) / 2)
FROM months JOIN customers_at() AS o ON o.cut = month JOIN customers_at() AS c ON c.cut = closes LEFT JOIN (
  SELECT month_of(happened_at) AS month, sum(amount) AS amount FROM facts.spending
  WHERE bucket IN ('support', 'success', 'email', 'self_service', 'tickets') AND within(happened_at) GROUP BY month
) USING (month);

-- metric: revenue
SELECT month_of(happened_at) AS month, sum(amount) FROM facts.payments WHERE within(happened_at) GROUP BY month;
