-- metric: active_accounts
SELECT month, count(DISTINCT account_id) FROM facts.account_activity JOIN last_days(30) USING (day) GROUP BY month;

-- metric: adoption_rate
WITH used AS (
  SELECT DISTINCT month, account_id, feature FROM facts.adoption JOIN last_days(30) USING (day) WHERE is_core = 1
), active AS (
  SELECT month, count(DISTINCT account_id) AS n FROM facts.account_activity JOIN last_days(30) USING (day) GROUP BY month
), seen AS (
  SELECT count(DISTINCT feature) AS n FROM facts.adoption WHERE is_core = 1
)
SELECT month, u.n / (active.n * seen.n) FROM (SELECT month, count(*) AS n FROM used GROUP BY month) AS u JOIN active USING (month) CROSS JOIN seen;

-- metric: daily_active_users
SELECT month, count(*) FROM facts.activity JOIN months ON day = last_day GROUP BY month;

-- metric: engaged_users
SELECT month, count(*) FROM (
  SELECT month, person_id FROM facts.key_days JOIN last_days(7) USING (day) GROUP BY month, person_id HAVING sum(key_events) >= 2
) GROUP BY month;

-- metric: error_rate
SELECT month_of(happened_at) AS month, sum(errors) / sum(events) FROM facts.usage WHERE within(happened_at) GROUP BY month;

-- metric: events
SELECT month_of(happened_at) AS month, sum(events) FROM facts.usage WHERE within(happened_at) GROUP BY month;

-- metric: feature_adoption_rate
WITH used AS (
  SELECT month, count(DISTINCT account_id) AS n FROM facts.adoption JOIN last_days(30) USING (day) GROUP BY month
), active AS (
  SELECT month, count(DISTINCT account_id) AS n FROM facts.account_activity JOIN last_days(30) USING (day) GROUP BY month
)
SELECT month, used.n / active.n FROM used JOIN active USING (month);

-- metric: monthly_active_users
SELECT month, count(DISTINCT person_id) FROM facts.activity JOIN last_days(30) USING (day) GROUP BY month;

-- metric: sessions
SELECT month_of(happened_at) AS month, sum(sessions) FROM facts.usage WHERE within(happened_at) GROUP BY month;

-- metric: stickiness
WITH days AS (
  SELECT month_of(happened_at) AS month, count(*) AS n FROM facts.activity WHERE within(happened_at) GROUP BY month
), people AS (
  SELECT month, count(DISTINCT person_id) AS n FROM facts.activity JOIN last_days(30) USING (day) GROUP BY month
)
SELECT month, days.n / (last_day - first_day + 1) / people.n FROM months JOIN days USING (month) JOIN people USING (month);

-- metric: time_in_product
SELECT month_of(happened_at) AS month, sum(seconds) FROM facts.usage WHERE within(happened_at) GROUP BY month;

-- metric: weekly_active_users
SELECT month, count(DISTINCT person_id) FROM facts.activity JOIN last_days(7) USING (day) GROUP BY month;
