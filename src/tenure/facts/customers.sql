-- customers: every movement of a customer, always at the level of the customer, with its main plan.
--
-- Key     account_id, movement, entry (a number of the row within its movement)
-- Reads   item_changes, customer_movements, rates
-- Policy  $fx, $currency, $first_day, $last_day
-- Columns kind: new, expansion, reactivation, contraction, churn, transfer; plan, currency: the customer's main ones (largest
--         native price, ties by item id), so that an account stands in one segment at a time: where they change, its level
--         moves by rows of kind transfer; home_plan, home_currency: the main ones before the movement, after it for one
--         that joined; accounts, paying: change of the number of customers and of those that pay (a customer may be paused);
--         worth, valued_in: as in `revenue`; subscription_id: what ended last, on a row of kind churn
-- Law     running sums of accounts and paying are 0 or 1 for an account; worth adds up to the account's revenue
WITH member AS (  -- the rows of a movement, by item
  SELECT m.account_id AS account_id, m.movement AS movement, m.happened_at AS happened_at, i.subscription_id AS subscription_id, i.item_id AS item_id,
    i.plan AS plan, i.currency AS currency, i.started_at AS started_at, i.class AS class, i.net4 AS net4, i.items AS items
  FROM item_changes AS i
  JOIN customer_movements AS m ON m.account_id = i.account_id AND m.changed_at = i.happened_at
  WHERE i.class = 'paying' OR i.class = 'paused'
), moves AS (
  SELECT account_id, movement, MAX(happened_at) AS happened_at, MAX(kind) AS kind, MAX(paid_before) AS paid_before, MAX(paid_after) AS paid_after,
    MAX(kept_before) AS kept_before, MAX(kept_after) AS kept_after
  FROM customer_movements
  GROUP BY account_id, movement
), prices AS (
  SELECT account_id, movement, subscription_id, item_id, plan, currency, SUM(net4) AS net4
  FROM member WHERE class = 'paying'
  GROUP BY account_id, movement, subscription_id, item_id, plan, currency
), lines AS (
  SELECT account_id, subscription_id, item_id, plan, currency FROM prices GROUP BY account_id, subscription_id, item_id, plan, currency
), grid AS (  -- every line of an account at each of its movements
  SELECT m.account_id AS account_id, m.movement AS movement, l.item_id AS item_id, l.plan AS plan, l.currency AS currency,
    SUM(COALESCE(p.net4, 0)) OVER (PARTITION BY l.account_id, l.subscription_id, l.item_id, l.plan, l.currency ORDER BY m.movement
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS level4
  FROM moves AS m
  JOIN lines AS l ON l.account_id = m.account_id
  LEFT JOIN prices AS p ON p.account_id = m.account_id AND p.movement = m.movement AND p.subscription_id = l.subscription_id
    AND p.item_id = l.item_id AND p.plan = l.plan AND p.currency = l.currency
), ranked AS (
  SELECT account_id, movement, plan, currency,
    ROW_NUMBER() OVER (PARTITION BY account_id, movement ORDER BY level4 DESC, item_id, plan, currency) AS place
  FROM grid WHERE level4 > 0
), mains AS (  -- stay: counts the movements after which something is paid; what is paused keeps the plan it had
  SELECT m.account_id AS account_id, m.movement AS movement, m.happened_at AS happened_at, m.kind AS kind, m.paid_before AS paid_before,
    m.paid_after AS paid_after, m.kept_before AS kept_before, m.kept_after AS kept_after, r.plan AS plan, r.currency AS currency,
    SUM(m.paid_after) OVER (PARTITION BY m.account_id ORDER BY m.movement ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS stay,
    ROW_NUMBER() OVER (PARTITION BY m.account_id ORDER BY m.movement) AS n
  FROM moves AS m
  LEFT JOIN ranked AS r ON r.account_id = m.account_id AND r.movement = m.movement AND r.place = 1
), carried AS (
  SELECT account_id, movement, happened_at, kind, paid_before, paid_after, kept_before, kept_after, n,
    COALESCE(MAX(plan) OVER (PARTITION BY account_id, stay), '(none)') AS plan_after,
    COALESCE(MAX(currency) OVER (PARTITION BY account_id, stay), $currency) AS currency_after
  FROM mains
), led AS (
  SELECT *,
    LAG(plan_after) OVER (PARTITION BY account_id ORDER BY movement) AS last_plan,
    LAG(currency_after) OVER (PARTITION BY account_id ORDER BY movement) AS last_currency
  FROM carried
), homes AS (
  SELECT account_id, movement, happened_at, kind, paid_before, paid_after, kept_before, kept_after, plan_after, currency_after,
    CASE WHEN n > 1 AND kept_before = 1 THEN last_plan ELSE plan_after END AS home_plan,
    CASE WHEN n > 1 AND kept_before = 1 THEN last_currency ELSE currency_after END AS home_currency
  FROM led
), dated AS (
  SELECT account_id, movement, currency, net4,
    CASE WHEN $fx = 'daily' THEN currency ELSE $currency END AS valued_in,
    CASE WHEN $fx = 'latest' THEN CAST($last_day AS DATE)
      WHEN $fx = 'purchase' THEN LEAST(GREATEST(CAST(started_at AS DATE), CAST($first_day AS DATE)), CAST($last_day AS DATE))
      ELSE LEAST(GREATEST(CAST(happened_at AS DATE), CAST($first_day AS DATE)), CAST($last_day AS DATE)) END AS rate_day
  FROM member WHERE class = 'paying'
), natives AS (
  SELECT account_id, movement, currency, valued_in, rate_day,
    CAST(CAST(SUM(net4) AS DECIMAL(18, 0)) * CAST(0.0001 AS DECIMAL(4, 4)) AS DECIMAL(22, 4)) AS native
  FROM dated
  GROUP BY account_id, movement, currency, valued_in, rate_day
), worths AS (
  SELECT d.account_id AS account_id, d.movement AS movement, d.valued_in AS valued_in,
    SUM(CASE WHEN $fx = 'daily' THEN CAST(d.native AS DECIMAL(38, 14)) ELSE CAST(d.native * f.rate AS DECIMAL(38, 14)) END) AS worth,
    SUM(CAST(d.native * f.rate AS DECIMAL(38, 14))) AS amount, SUM(d.native) AS native
  FROM natives AS d
  LEFT JOIN rates AS f ON f.currency = d.currency AND f.day = d.rate_day
  GROUP BY d.account_id, d.movement, d.valued_in
), totals AS (
  SELECT account_id, movement, COALESCE(SUM(amount), CAST(SUM(native) AS DECIMAL(38, 14))) AS total FROM worths GROUP BY account_id, movement
), monies AS (
  SELECT account_id, valued_in FROM worths GROUP BY account_id, valued_in
), ledgered AS (  -- every currency of an account at each of its movements: what it was worth before, and the change
  SELECT h.account_id AS account_id, h.movement AS movement, h.happened_at AS happened_at, h.paid_before AS paid_before, h.paid_after AS paid_after,
    h.kept_before AS kept_before, h.kept_after AS kept_after, h.plan_after AS plan_after, h.currency_after AS currency_after,
    h.home_plan AS home_plan, h.home_currency AS home_currency, c.valued_in AS valued_in,
    CASE WHEN h.kind <> 'change' THEN h.kind WHEN t.total > 0 THEN 'expansion' WHEN t.total < 0 THEN 'contraction' ELSE 'transfer' END AS kind,
    CAST(COALESCE(w.worth, 0) AS DECIMAL(38, 14)) AS worth,
    CAST(SUM(COALESCE(w.worth, 0)) OVER (PARTITION BY h.account_id, c.valued_in ORDER BY h.movement
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - COALESCE(w.worth, 0) AS DECIMAL(38, 14)) AS level,
    ROW_NUMBER() OVER (PARTITION BY h.account_id, h.movement ORDER BY c.valued_in) AS n
  FROM homes AS h
  JOIN monies AS c ON c.account_id = h.account_id
  LEFT JOIN worths AS w ON w.account_id = h.account_id AND w.movement = h.movement AND w.valued_in = c.valued_in
  LEFT JOIN totals AS t ON t.account_id = h.account_id AND t.movement = h.movement
), losses AS (
  SELECT account_id, movement, subscription_id,
    ROW_NUMBER() OVER (PARTITION BY account_id, movement ORDER BY net4, item_id, subscription_id) AS place
  FROM member WHERE items < 0
), entries AS (
  SELECT account_id, movement, happened_at, kind, plan_after AS plan, currency_after AS currency, home_plan, home_currency, paid_before, paid_after,
    kept_before, kept_after, valued_in, worth, CASE WHEN n = 1 THEN kept_after - kept_before ELSE 0 END AS accounts,
    CASE WHEN n = 1 THEN paid_after - paid_before ELSE 0 END AS paying, n AS entry
  FROM ledgered
  WHERE n = 1 OR worth <> 0
  UNION ALL
  SELECT account_id, movement, happened_at, 'transfer' AS kind, home_plan AS plan, home_currency AS currency, home_plan, home_currency, paid_before, paid_after,
    kept_before, kept_after, valued_in, CAST(-level AS DECIMAL(38, 14)) AS worth, CASE WHEN n = 1 THEN -1 ELSE 0 END AS accounts,
    CASE WHEN n = 1 THEN -paid_before ELSE 0 END AS paying, -2 * n AS entry
  FROM ledgered
  WHERE kept_before = 1 AND (plan_after <> home_plan OR currency_after <> home_currency) AND (n = 1 OR level <> 0)
  UNION ALL
  SELECT account_id, movement, happened_at, 'transfer' AS kind, plan_after AS plan, currency_after AS currency, home_plan, home_currency, paid_before, paid_after,
    kept_before, kept_after, valued_in, level AS worth, CASE WHEN n = 1 THEN 1 ELSE 0 END AS accounts,
    CASE WHEN n = 1 THEN paid_before ELSE 0 END AS paying, -2 * n - 1 AS entry
  FROM ledgered
  WHERE kept_before = 1 AND (plan_after <> home_plan OR currency_after <> home_currency) AND (n = 1 OR level <> 0)
)
SELECT e.account_id AS account_id, e.movement AS movement, CAST(e.entry AS BIGINT) AS entry, e.happened_at AS happened_at, e.kind AS kind, e.plan AS plan,
  e.currency AS currency, e.home_plan AS home_plan, e.home_currency AS home_currency, e.paid_before AS paid_before, e.paid_after AS paid_after,
  e.kept_before AS kept_before, e.kept_after AS kept_after, CAST(e.accounts AS BIGINT) AS accounts, CAST(e.paying AS BIGINT) AS paying,
  e.valued_in AS valued_in, e.worth AS worth, CASE WHEN e.kind = 'churn' THEN l.subscription_id END AS subscription_id
FROM entries AS e
LEFT JOIN losses AS l ON l.account_id = e.account_id AND l.movement = e.movement AND l.place = 1
