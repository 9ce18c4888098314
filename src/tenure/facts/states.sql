-- states: what each account is, and when that changes.
--
-- Key     account_id, happened_at, state
-- Reads   item_changes, customer_movements, accounts, account_roots
-- Policy  none of its own
-- Columns state: the first that holds of paying, paused (and kept), trial, free, churned (paid once), prospect;
--         accounts: +1 where the account enters the state, -1 where it leaves
-- Law     from its first instant on every account is in exactly one state
WITH known AS (  -- an account begins when it signed up, or at the first thing known of it
  SELECT COALESCE(r.root_id, a.account_id) AS account_id, a.created_at AS happened_at, 0 AS pays, 0 AS keeps, 0 AS tries, 0 AS frees
  FROM accounts AS a
  LEFT JOIN account_roots AS r ON r.account_id = a.account_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND a.created_at IS NOT NULL
), moves AS (
  SELECT account_id, movement, MAX(happened_at) AS happened_at, MAX(paid_after) - MAX(paid_before) AS pays, MAX(kept_after) - MAX(kept_before) AS keeps
  FROM customer_movements
  GROUP BY account_id, movement
), offers AS (  -- trials and free plans move with the movement that they belong to
  SELECT i.account_id AS account_id, COALESCE(m.happened_at, i.happened_at) AS happened_at, 0 AS pays, 0 AS keeps,
    CASE WHEN i.class = 'trial' THEN i.items ELSE 0 END AS tries, CASE WHEN i.class = 'free' THEN i.items ELSE 0 END AS frees
  FROM item_changes AS i
  LEFT JOIN customer_movements AS m ON m.account_id = i.account_id AND m.changed_at = i.happened_at
  WHERE i.class <> 'notice'
), happenings AS (
  SELECT account_id, happened_at, pays, keeps, tries, frees FROM known
  UNION ALL
  SELECT account_id, happened_at, pays, keeps, 0 AS tries, 0 AS frees FROM moves
  UNION ALL
  SELECT account_id, happened_at, pays, keeps, tries, frees FROM offers
), instants AS (
  SELECT account_id, happened_at, SUM(pays) AS pays, SUM(keeps) AS keeps, SUM(tries) AS tries, SUM(frees) AS frees
  FROM happenings
  GROUP BY account_id, happened_at
), standing AS (
  SELECT account_id, happened_at,
    SUM(pays) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS paying,
    SUM(keeps) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS kept,
    SUM(tries) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS tried,
    SUM(frees) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS freed,
    SUM(CASE WHEN keeps > 0 THEN 1 ELSE 0 END) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS joined,
    ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY happened_at) AS n
  FROM instants
), named AS (
  SELECT account_id, happened_at, n,
    CASE WHEN paying > 0 THEN 'paying' WHEN kept > 0 THEN 'paused' WHEN tried > 0 THEN 'trial' WHEN freed > 0 THEN 'free'
      WHEN joined > 0 THEN 'churned' ELSE 'prospect' END AS state
  FROM standing
), followed AS (
  SELECT *, LAG(state) OVER (PARTITION BY account_id ORDER BY n) AS last_state FROM named
), turns AS (
  SELECT account_id, happened_at, n, state, last_state FROM followed WHERE n = 1 OR last_state <> state
)
SELECT account_id, happened_at, state, CAST(1 AS BIGINT) AS accounts FROM turns
UNION ALL
SELECT account_id, happened_at, last_state AS state, CAST(-1 AS BIGINT) AS accounts FROM turns WHERE n > 1
