-- metric: days_to_launch
WITH lives AS (
  SELECT month_of(happened_at) AS month, coalesce(launched_at <= until(), FALSE) AS ended,
    epoch(greatest(happened_at, least(coalesce(launched_at, until()), until()))) - epoch(happened_at) AS lasted
  FROM facts.launches WHERE within(happened_at)
), risks AS (
  SELECT month, lasted, count(*) FILTER (ended) AS ends, sum(count(*)) OVER (PARTITION BY month ORDER BY lasted DESC) AS at_risk
  FROM lives GROUP BY month, lasted
), curve AS (
  SELECT month, lasted, ends, product(1 - ends / at_risk) OVER (PARTITION BY month ORDER BY lasted) AS share FROM risks
)
SELECT month, min(lasted) FILTER (ends > 0 AND share <= 0.5 + 1e-12) FROM curve GROUP BY month;

-- metric: onboarding_completion_rate
SELECT month_of(happened_at) AS month, count(*) FILTER (finished_at <= until()) / count(*) FILTER (required_steps > 0)
FROM facts.onboardings WHERE within(happened_at) GROUP BY month;

-- metric: onboarding_engagement_rate
SELECT month_of(happened_at) AS month, count(*) FILTER (started_at <= until()) / count(*) FROM facts.steps WHERE within(happened_at) GROUP BY month;

-- metric: stuck_accounts
WITH met AS (
  SELECT month, closes, happened_at, launched_at, left_at FROM facts.launches JOIN months ON happened_at < closes
), limits AS (
  SELECT month, quantile_cont(epoch(greatest(launched_at, happened_at)) - epoch(happened_at), 0.75) AS slow FROM met WHERE launched_at < closes GROUP BY month
)
SELECT month, count(*) FROM met JOIN limits USING (month)
WHERE (launched_at IS NULL OR launched_at >= closes) AND (left_at IS NULL OR left_at >= closes) AND epoch(closes) - epoch(happened_at) > slow
GROUP BY month;

-- metric: time_to_first_value
WITH lives AS (
  SELECT month_of(happened_at) AS month, coalesce(first_value_at <= until(), FALSE) AS ended,
    epoch(greatest(happened_at, least(coalesce(first_value_at, until()), until()))) - epoch(happened_at) AS lasted
  FROM facts.launches WHERE within(happened_at)
), risks AS (
  SELECT month, lasted, count(*) FILTER (ended) AS ends, sum(count(*)) OVER (PARTITION BY month ORDER BY lasted DESC) AS at_risk
  FROM lives GROUP BY month, lasted
), curve AS (
  SELECT month, lasted, ends, product(1 - ends / at_risk) OVER (PARTITION BY month ORDER BY lasted) AS share FROM risks
)
SELECT month, min(lasted) FILTER (ends > 0 AND share <= 0.5 + 1e-12) FROM curve GROUP BY month;
