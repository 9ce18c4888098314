-- What whoever writes these statements has at hand: the months of the scorecard, and the two levels that half of it is built on.
-- 13 months, the 13 of a year before (one month is both), and six more that averages look back on.

CREATE TEMP MACRO since() AS TIMESTAMP '2024-06-01';
CREATE TEMP MACRO until() AS TIMESTAMP '2026-07-01';
CREATE TEMP MACRO within(t) AS t >= since() AND t < until();
CREATE TEMP MACRO month_of(t) AS date_trunc('month', t);

CREATE TEMP TABLE cuts AS
SELECT cut FROM generate_series(TIMESTAMP '2023-12-01', until(), INTERVAL 1 MONTH) AS made(cut);

CREATE TEMP TABLE months AS
SELECT cut AS month, cut + INTERVAL 1 MONTH AS closes, CAST(cut AS DATE) AS first_day,
  CAST(cut + INTERVAL 1 MONTH AS DATE) - 1 AS last_day
FROM cuts WHERE cut >= since() AND cut < until();

-- The days of a window of so many that ends with the month.
CREATE TEMP MACRO last_days(many) AS TABLE
SELECT month, CAST(unnest(range(last_day - many + 1, last_day + 1, INTERVAL 1 DAY)) AS DATE) AS day FROM months;

CREATE TEMP MACRO customers_at() AS TABLE
SELECT cut, sum(accounts) AS accounts, sum(paying) AS paying
FROM cuts JOIN (
  SELECT month_of(happened_at) AS month, sum(accounts) AS accounts, sum(paying) AS paying FROM facts.customers GROUP BY month
) ON month < cut
GROUP BY cut;

CREATE TEMP MACRO mrr_at() AS TABLE
WITH moved AS (
  SELECT month_of(happened_at) AS month, valued_in, sum(worth) AS worth, sum(list_worth) AS list_worth
  FROM facts.revenue GROUP BY month, valued_in
), held AS (
  SELECT cut, valued_in, sum(worth) AS worth, sum(list_worth) AS list_worth FROM cuts JOIN moved ON month < cut GROUP BY cut, valued_in
)
SELECT cut, sum(worth * rate) AS mrr, sum(list_worth * rate) AS list_mrr
FROM held JOIN facts.rates AS r ON r.currency = valued_in AND r.day = CAST(cut AS DATE) - 1
GROUP BY cut;

CREATE TEMP MACRO pending_at(which) AS TABLE
WITH moved AS (
  SELECT month_of(happened_at) AS month, valued_in, sum(worth) AS worth FROM facts.pending_revenue WHERE kind = which GROUP BY month, valued_in
), held AS (
  SELECT cut, valued_in, sum(worth) AS worth FROM cuts JOIN moved ON month < cut GROUP BY cut, valued_in
)
SELECT cut, sum(worth * rate) AS mrr
FROM held JOIN facts.rates AS r ON r.currency = valued_in AND r.day = CAST(cut AS DATE) - 1
GROUP BY cut;

CREATE TEMP MACRO lives_at() AS TABLE
SELECT cut, sum(days) / sum(ended) AS days
FROM cuts JOIN (
  SELECT month_of(happened_at) AS month, sum(date_diff('second', started_at, ended_at)) / 86400.0 AS days, count(*) AS ended
  FROM facts.lifespans GROUP BY month
) ON month < cut
GROUP BY cut;

-- Movements of recurring revenue, by month.
CREATE TEMP MACRO moved_mrr() AS TABLE
SELECT month_of(happened_at) AS month,
  coalesce(sum(amount) FILTER (kind = 'new'), 0) AS new_mrr, coalesce(sum(amount) FILTER (kind = 'expansion'), 0) AS expansion,
  coalesce(sum(amount) FILTER (kind = 'reactivation'), 0) AS reactivation,
  coalesce(-sum(amount) FILTER (kind = 'contraction'), 0) AS contraction, coalesce(-sum(amount) FILTER (kind = 'churn'), 0) AS churn
FROM facts.revenue WHERE within(happened_at) GROUP BY month;

CREATE TEMP MACRO gained() AS TABLE
SELECT month_of(happened_at) AS month, sum(accounts) AS accounts FROM facts.customers WHERE kind = 'new' AND within(happened_at) GROUP BY month;

CREATE TEMP MACRO spent(which) AS TABLE
SELECT month_of(happened_at) AS month, sum(amount) AS amount FROM facts.spending WHERE bucket = which AND within(happened_at) GROUP BY month;

CREATE TEMP MACRO bought() AS TABLE
SELECT month_of(happened_at) AS month, sum(amount) AS amount, count(*) AS purchases, count(DISTINCT account_id) AS buyers
FROM facts.purchases WHERE within(happened_at) GROUP BY month;

-- What is left of a sale when the goods are paid; all of it where nothing is sold by the piece.
CREATE TEMP MACRO margins() AS TABLE
SELECT month, CASE WHEN sold.amount <> 0 THEN 1 - coalesce(goods.amount, 0) / CAST(sold.amount AS DOUBLE) ELSE 1 END AS margin
FROM months LEFT JOIN (
  SELECT month_of(happened_at) AS month, sum(amount) AS amount FROM facts.payments WHERE within(happened_at) GROUP BY month
) AS sold USING (month) LEFT JOIN spent('goods') AS goods USING (month);
