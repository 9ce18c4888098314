-- A made-up company: every view is a file, by its path. Chance is a hash, so the same rows come out each time.
-- The variable `accounts` says how many customers; days are counted from 2022-07-01.

CREATE MACRO chance(seed, i) AS (hash(i * 1009 + seed) % 1000003) / 1000003.0;
CREATE MACRO one_of(words, x) AS words[1 + CAST(floor(x * len(words)) AS INTEGER)];
CREATE MACRO instant(days) AS TIMESTAMPTZ '2022-07-01 00:00:00Z' + to_seconds(CAST(floor(days * 86400) AS BIGINT));
CREATE MACRO last_day() AS 1461;
CREATE MACRO account(i) AS 'a' || (10000000 + i);
CREATE MACRO person(i) AS 'p' || (100000000 + i);
-- some customers do far more than others
CREATE MACRO who(n) AS CAST(floor(pow(chance(1, n), 2) * getvariable('accounts')) AS BIGINT);

CREATE TABLE companies AS
SELECT i, floor(chance(2, i) * last_day() * 1e5) / 1e5 AS born,
  one_of(['EUR', 'EUR', 'EUR', 'USD', 'USD', 'GBP', 'JPY'], chance(3, i)) AS currency,
  CAST(floor(chance(4, i) * 4) AS INTEGER) AS tier,
  chance(5, i) < 0.25 AS yearly,
  1 + CAST(floor(pow(chance(6, i), 4) * 90) AS BIGINT) AS seats,
  1 + CAST(floor(chance(7, i) * 8) AS INTEGER) AS steps,
  chance(8, i) < 0.5 AS tried,
  CASE WHEN chance(9, i) < 0.12 THEN one_of([10, 15, 20, 25, 50], chance(10, i)) END AS discount
FROM range(getvariable('accounts')) AS made(i);

CREATE VIEW accounts AS
SELECT account(i) AS account_id, 'Company ' || i AS name, instant(born) AS created_at, currency, chance(11, i) < 0.003 AS is_test,
  one_of(['organic', 'paid', 'partner', 'referral'], chance(12, i)) AS channel,
  one_of(['smb', 'mid', 'enterprise'], chance(13, i)) AS segment,
  one_of(['emea', 'amer', 'apac', 'latam'], chance(14, i)) AS region
FROM companies;

CREATE VIEW people AS
SELECT person(n) AS person_id, account(n // 4) AS account_id, 'user' || n || '@example.com' AS email,
  one_of(['owner', 'member', 'viewer'], chance(15, n)) AS role, chance(16, n) < 0.01 AS is_internal
FROM range(getvariable('accounts') * 4) AS made(n);

CREATE TABLE tiers AS
SELECT * FROM (VALUES (0, 'free', 0), (1, 'starter', 29), (2, 'team', 79), (3, 'business', 199), (4, 'enterprise', 490)) AS t(rank, plan, price);

CREATE VIEW plans AS
SELECT plan, 'core' AS product, rank, rank = 0 AS is_free FROM tiers;

CREATE VIEW fx_rates AS
SELECT DATE '2022-07-01' + CAST(d AS INTEGER) AS day, currency, CAST(rate * (1 + 0.05 * sin(d / 90.0)) AS DECIMAL(16, 6)) AS rate
FROM range(last_day() + 2) AS made(d), (VALUES ('USD', 0.92), ('GBP', 1.17), ('JPY', 0.0061)) AS known(currency, rate);

-- Each account's subscription, change by change: a trial, then seats up and down and plans upwards, until it stops.
CREATE TABLE lives AS
WITH steps AS (
  SELECT c.*, k, i * 10 + k AS x, CASE WHEN k = 0 AND tried THEN 14 ELSE 20 + 300 * chance(17, i * 10 + k) END AS lasts
  FROM companies AS c CROSS JOIN range(8) AS made(k)
  WHERE k < steps
), placed AS (
  SELECT *,
    born + coalesce(sum(lasts) OVER (PARTITION BY i ORDER BY k ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS begins,
    least(4, tier + count(*) FILTER (chance(18, x) < 0.1) OVER so_far) AS rank,
    greatest(1, seats + sum(CAST(floor(chance(19, x) * 5) AS BIGINT) - 1) OVER so_far) AS quantity
  FROM steps
  WINDOW so_far AS (PARTITION BY i ORDER BY k ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
SELECT *, CASE WHEN begins + lasts < last_day() THEN begins + lasts END AS ends,
  CASE WHEN k = 0 AND tried THEN 'trial' WHEN chance(20, x) < 0.05 THEN 'past_due' WHEN chance(20, x) < 0.09 THEN 'paused'
    ELSE 'active' END AS state
FROM placed
WHERE begins < last_day();

CREATE VIEW subscriptions AS
SELECT 's' || (10000000 + i) AS subscription_id, account(i) AS account_id, instant(min(begins)) AS created_at,
  CASE WHEN count(*) = count(ends) THEN instant(max(ends)) END AS ends_at,
  CASE WHEN count(*) = count(ends) THEN one_of(['voluntary', 'voluntary', 'involuntary'], chance(21, i)) END AS end_kind
FROM lives
GROUP BY i
ORDER BY i;

CREATE MACRO periods(lived) AS TABLE
SELECT 's' || (10000000 + i) AS subscription_id, account(i) AS account_id, plan, instant(begins) AS starts_at, instant(ends) AS ends_at,
  state, CAST(quantity AS BIGINT) AS quantity,
  CAST(price * CASE WHEN yearly THEN 10 ELSE 1 END * CASE WHEN currency = 'JPY' THEN 160 ELSE 1 END AS DECIMAL(18, 4)) AS unit_amount,
  CASE WHEN yearly THEN 'year' ELSE 'month' END AS billing_interval,
  CAST(discount AS DECIMAL(9, 4)) AS discount_percent, CASE WHEN discount > 0 THEN 'forever' END AS discount_duration,
  currency, instant(known) AS updated_at
FROM query_table(lived) JOIN tiers USING (rank)
ORDER BY i, k, begins;

CREATE VIEW lived AS
SELECT *, coalesce(ends, begins) AS known FROM lives;

-- On the day after, one open period in 500 gets a seat more: its row closes, under the same key, and another begins.
CREATE VIEW lived_further AS
SELECT * REPLACE (last_day() + 0.375 AS ends), last_day() + 1 AS known FROM lives WHERE ends IS NULL AND i % 500 = 0
UNION ALL
SELECT * REPLACE (last_day() + 0.375 AS begins, quantity + 1 AS quantity), last_day() + 1 AS known FROM lives WHERE ends IS NULL AND i % 500 = 0;

CREATE VIEW subscription_periods AS FROM periods('lived');
CREATE VIEW "day/subscription_periods" AS FROM periods('lived_further');

-- What customers do, ask and say: `amount` rows numbered from `base`, within `span` days from `since`.
CREATE MACRO events_of(since, span, base, amount) AS TABLE
WITH happened AS (
  SELECT n, n // 12 AS session, instant(since + (n - base + chance(22, n)) * span / amount) AS happened_at
  FROM range(base, base + amount) AS made(n)
)
SELECT 'e' || (1000000000 + n) AS event_id, account(who(session)) AS account_id, person(who(session) * 4 + session % 4) AS person_id,
  happened_at, happened_at + to_milliseconds(CAST(floor(chance(35, n) * 9000) AS BIGINT)) AS received_at,
  one_of(['page_viewed', 'feature_used', 'record_created', 'record_updated', 'report_run', 'search_made', 'logged_in'], chance(23, n)) AS name,
  CASE WHEN chance(24, n) < 0.3 THEN 'feature_' || CAST(floor(chance(25, n) * 24) AS INTEGER) END AS feature,
  's' || session AS session_id, chance(26, n) < 0.01 AS is_error
FROM happened;

CREATE MACRO tickets_of(since, span, base, amount) AS TABLE
SELECT 't' || (10000000 + n) AS ticket_id, account(who(n)) AS account_id, person(who(n) * 4 + n % 4) AS person_id,
  instant(since + chance(27, n) * span) AS created_at, one_of(['email', 'chat', 'phone', 'form'], chance(28, n)) AS channel,
  one_of(['billing', 'login', 'bug', 'how_to', 'export'], chance(29, n)) AS topic,
  one_of(['low', 'normal', 'high', 'urgent'], chance(30, n)) AS priority, CAST(floor(chance(31, n) * 4) AS BIGINT) AS agent_replies
FROM range(base, base + amount) AS made(n);

CREATE MACRO responses_of(since, span, base, amount) AS TABLE
SELECT 'r' || (10000000 + n) AS response_id, 'nps' AS survey, account(who(n)) AS account_id, person(who(n) * 4 + n % 4) AS person_id,
  instant(since + chance(32, n) * span) AS sent_at,
  CASE WHEN chance(33, n) < 0.6 THEN instant(since + chance(32, n) * span + 0.02) END AS answered_at,
  CASE WHEN chance(33, n) < 0.6 THEN CAST(floor(sqrt(chance(34, n)) * 11) AS DECIMAL(9, 2)) END AS score
FROM range(base, base + amount) AS made(n);

CREATE VIEW events AS FROM events_of(last_day() - 730, 730, 0, getvariable('accounts') * 100);
CREATE VIEW tickets AS FROM tickets_of(0, last_day(), 0, getvariable('accounts') * 5);
CREATE VIEW responses AS FROM responses_of(0, last_day(), 0, getvariable('accounts') * 2);
CREATE VIEW "day/events" AS FROM events_of(last_day(), 1, getvariable('accounts') * 100, getvariable('accounts') * 100 // 730);
CREATE VIEW "day/tickets" AS FROM tickets_of(last_day(), 1, getvariable('accounts') * 5, getvariable('accounts') * 5 // 1461);
CREATE VIEW "day/responses" AS FROM responses_of(last_day(), 1, getvariable('accounts') * 2, getvariable('accounts') * 2 // 1461);
