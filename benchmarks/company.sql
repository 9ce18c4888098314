-- A made-up company: every view is a file, by its path. Chance is a hash, so the same rows come out each time.
-- The variable `accounts` says how many customers; days are counted from 2022-07-01. What stands in `more/` is there for the
-- scorecard alone.

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
SELECT account(i) AS account_id, 'Company ' || i AS name, instant(born) AS created_at, instant(born) AS sale_closed_at,
  CASE WHEN chance(36, i) < 0.9 THEN instant(born + 20 * chance(37, i)) END AS first_value_at,
  CASE WHEN chance(36, i) < 0.8 THEN instant(born + 20 + 60 * chance(38, i)) END AS launched_at, currency, chance(11, i) < 0.003 AS is_test,
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
WITH opened AS (
  SELECT n, since + chance(27, n) * span AS opens, chance(39, n) < 0.95 AS is_solved, chance(40, n) * 6 AS lasts,
    chance(41, n) < 0.08 AS is_reopened
  FROM range(base, base + amount) AS made(n)
)
SELECT 't' || (10000000 + n) AS ticket_id, account(who(n)) AS account_id, person(who(n) * 4 + n % 4) AS person_id,
  instant(opens) AS created_at, CASE WHEN is_solved THEN 'solved' ELSE 'open' END AS status,
  instant(opens + pow(chance(42, n), 3)) AS first_reply_at, instant(opens + 2) AS sla_due_at,
  CASE WHEN is_solved THEN instant(opens + 1 + lasts) END AS first_solved_at,
  CASE WHEN is_solved THEN instant(opens + 1 + lasts + CASE WHEN is_reopened THEN 3 ELSE 0 END) END AS solved_at,
  CAST(is_solved AND is_reopened AS BIGINT) AS reopens, chance(43, n) < 0.2 AS is_avoidable, one_of(['email', 'chat', 'phone', 'form'], chance(28, n)) AS channel,
  one_of(['billing', 'login', 'bug', 'how_to', 'export'], chance(29, n)) AS topic,
  one_of(['low', 'normal', 'high', 'urgent'], chance(30, n)) AS priority, CAST(floor(chance(31, n) * 4) AS BIGINT) AS agent_replies
FROM opened;

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

-- What the scorecard reads beside all this.
CREATE MACRO so_many(many) AS CAST(floor(many * getvariable('accounts')) AS BIGINT);
CREATE MACRO day_of(days) AS DATE '2022-07-01' + CAST(floor(days) AS INTEGER);

CREATE VIEW "more/responses" AS
SELECT 'q' || (10000000 + n) AS response_id, one_of(['csat', 'ces'], chance(44, n)) AS survey, account(who(n)) AS account_id,
  person(who(n) * 4 + n % 4) AS person_id, instant(chance(45, n) * last_day()) AS answered_at,
  CAST(1 + floor(sqrt(chance(46, n)) * 5) AS DECIMAL(9, 2)) AS score
FROM range(so_many(1)) AS made(n);

CREATE VIEW "more/transactions" AS
SELECT 'x' || (10000000 + n) AS transaction_id, account(who(n)) AS account_id, instant(chance(47, n) * last_day()) AS happened_at,
  CASE WHEN chance(48, n) < 0.04 THEN 'refund' ELSE 'charge' END AS kind, CAST(10 + 400 * pow(chance(49, n), 3) AS DECIMAL(18, 4)) AS amount,
  one_of(['EUR', 'EUR', 'USD', 'GBP'], chance(50, n)) AS currency, chance(51, n) < 0.7 AS is_recurring
FROM range(so_many(10)) AS made(n);

CREATE VIEW "more/contracts" AS
SELECT 'c' || (10000000 + n) AS contract_id, account(n) AS account_id, day_of(chance(52, n) * last_day() - 365) AS starts_on,
  day_of(chance(52, n) * last_day()) AS ends_on, CAST(1000 + 9000 * chance(53, n) AS DECIMAL(18, 4)) AS value,
  one_of(['EUR', 'USD'], chance(54, n)) AS currency, one_of(['renewed', 'renewed', 'renewed', 'lost', 'open'], chance(55, n)) AS outcome,
  CASE WHEN chance(55, n) < 0.6 AND chance(56, n) < 0.3 THEN CAST(500 * chance(57, n) AS DECIMAL(18, 4)) END AS expansion_value
FROM range(so_many(1)) AS made(n);

CREATE VIEW "more/costs" AS
SELECT bucket || '_' || month AS cost_id, from_date, CAST(from_date + INTERVAL 1 MONTH AS DATE) - 1 AS to_date, bucket,
  CAST(getvariable('accounts') * (0.1 + chance(58, month * 10 + length(bucket))) AS DECIMAL(18, 2)) AS amount, 'EUR' AS currency
FROM (
  SELECT month, CAST(DATE '2022-07-01' + to_months(CAST(month AS INTEGER)) AS DATE) AS from_date,
    unnest(['acquisition', 'support', 'success', 'self_service', 'email', 'tickets', 'goods']) AS bucket
  FROM range(48) AS made(month)
);

CREATE VIEW "more/touches" AS
SELECT 'h' || (10000000 + n) AS touch_id, account(who(n)) AS account_id, instant(chance(59, n) * last_day()) AS happened_at,
  one_of(['email', 'call', 'meeting', 'training', 'webinar'], chance(60, n)) AS kind,
  CASE WHEN chance(61, n) < 0.5 THEN one_of(['happy', 'happy', 'sad'], chance(62, n)) END AS affinity
FROM range(so_many(4)) AS made(n);

CREATE VIEW "more/goals" AS
SELECT 'g' || (10000000 + n) AS goal_id, account(n) AS account_id, day_of(chance(63, n) * last_day()) AS due_on,
  CASE WHEN chance(64, n) < 0.6 THEN instant(chance(63, n) * last_day() - 5) END AS achieved_at
FROM range(so_many(0.5)) AS made(n);

CREATE VIEW "more/feedback" AS
SELECT 'f' || (10000000 + n) AS feedback_id, account(who(n)) AS account_id, instant(chance(65, n) * last_day()) AS happened_at,
  one_of(['email', 'call', 'review', 'interview'], chance(66, n)) AS origin, 'Said in words, number ' || n AS text
FROM range(so_many(1)) AS made(n);

CREATE VIEW "more/help_sessions" AS
SELECT 'v' || (10000000 + n) AS session_id, account(who(n)) AS account_id, person(who(n) * 4 + n % 4) AS person_id,
  instant(chance(67, n) * last_day()) AS happened_at, one_of(['articles', 'webinar', 'bot', 'community'], chance(68, n)) AS channel,
  CASE WHEN chance(69, n) < 0.5 THEN chance(70, n) < 0.7 END AS resolved
FROM range(so_many(2.5)) AS made(n);

CREATE VIEW "more/onboarding_steps" AS
SELECT account(i) AS account_id, 'step ' || k AS step, k < 4 AS is_required, instant(born) AS shown_at,
  CASE WHEN chance(71, i * 10 + k) < 0.8 THEN instant(born + 9 * chance(72, i * 10 + k)) END AS started_at,
  CASE WHEN chance(71, i * 10 + k) < 0.7 THEN instant(born + 9 + 20 * chance(73, i * 10 + k)) END AS completed_at
FROM companies CROSS JOIN range(5) AS made(k);

CREATE VIEW "more/referrals" AS
SELECT 'w' || (10000000 + n) AS referral_id, account(who(n)) AS account_id, instant(chance(74, n) * last_day() * 0.95) AS happened_at,
  one_of(['referral', 'referral', 'referral', 'review', 'testimonial', 'reference'], chance(75, n)) AS kind,
  CASE WHEN chance(76, n) < 0.3 THEN instant(chance(74, n) * last_day() * 0.95 + 20) END AS converted_at
FROM range(so_many(0.1)) AS made(n);
