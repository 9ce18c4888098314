-- metric: accounts_at_risk
SELECT m.month, sum(n) FROM months AS m JOIN (
  SELECT month_of(happened_at) AS month, sum(at_risk) AS n FROM facts.health WHERE happened_at < until() GROUP BY month
) AS h ON h.month < closes GROUP BY m.month;

-- metric: goal_attainment_rate
SELECT month_of(happened_at) AS month, sum(is_met) / count(*) FROM facts.aims WHERE within(happened_at) GROUP BY month;

-- metric: health_score
SELECT m.month, sum(points) / sum(scored) FROM months AS m JOIN (
  SELECT month_of(happened_at) AS month, sum(points) AS points, sum(scored) AS scored FROM facts.health WHERE happened_at < until() GROUP BY month
) AS h ON h.month < closes GROUP BY m.month;

-- metric: mrr_at_risk
WITH moved AS (
  SELECT month_of(happened_at) AS month, valued_in, sum(worth) AS worth FROM facts.risks
  WHERE kind IN ('health', 'notice') AND happened_at < until() GROUP BY month, valued_in
), held AS (
  SELECT m.month, last_day, valued_in, sum(worth) AS worth FROM months AS m JOIN moved ON moved.month < closes GROUP BY m.month, last_day, valued_in
)
SELECT month, sum(worth * rate) FROM held JOIN facts.rates AS r ON r.currency = valued_in AND r.day = last_day GROUP BY month;

-- metric: touches_per_customer
SELECT month, coalesce(n, 0) / ((o.accounts + c.accounts) / 2)
FROM months JOIN customers_at() AS o ON o.cut = month JOIN customers_at() AS c ON c.cut = closes LEFT JOIN (
  SELECT month_of(happened_at) AS month, count(*) AS n FROM facts.contacts WHERE within(happened_at) GROUP BY month
) USING (month);

-- metric: training_attendance
SELECT month, coalesce(n, 0) / accounts FROM months JOIN customers_at() ON cut = closes LEFT JOIN (
  SELECT month_of(happened_at) AS month, count(DISTINCT account_id) AS n FROM facts.attendances
  WHERE within(happened_at) AND stays_from < month_of(happened_at) + INTERVAL 1 MONTH
    AND (stays_until IS NULL OR stays_until >= month_of(happened_at) + INTERVAL 1 MONTH)
  GROUP BY month
) USING (month);
