-- launches: accounts that were sold, and how far each has come since.
--
-- Key     account_id
-- Reads   accounts, account_roots, states
-- Policy  none of its own
-- Columns happened_at: the sale closed; first_value_at, launched_at: empty until then; left_at: closed, or churned after
--         the sale and not back since; known_at: the last instant that is known of it
-- Law     one row per account that was sold; of accounts that are one customer, the earliest of each instant
WITH owned AS (
  SELECT COALESCE(r.root_id, a.account_id) AS account_id, a.sale_closed_at AS sold_at, a.first_value_at AS valued_at, a.launched_at AS live_at,
    CASE WHEN COALESCE(r.root_id, a.account_id) = a.account_id THEN a.closed_at END AS shut_at
  FROM accounts AS a
  LEFT JOIN account_roots AS r ON r.account_id = a.account_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE
), sales AS (
  SELECT account_id, MIN(sold_at) AS sold_at, MIN(valued_at) AS valued_at, MIN(live_at) AS live_at, MIN(shut_at) AS shut_at
  FROM owned
  GROUP BY account_id
), turns AS (
  SELECT account_id, happened_at, state, ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY happened_at DESC) AS place
  FROM states
  WHERE accounts = 1
)
SELECT s.account_id AS account_id, s.sold_at AS happened_at, s.valued_at AS first_value_at, s.live_at AS launched_at,
  COALESCE(s.shut_at, CASE WHEN t.state = 'churned' AND t.happened_at > s.sold_at THEN t.happened_at END) AS left_at,
  GREATEST(s.sold_at, COALESCE(s.valued_at, s.sold_at), COALESCE(s.live_at, s.sold_at)) AS known_at
FROM sales AS s
LEFT JOIN turns AS t ON t.account_id = s.account_id AND t.place = 1
WHERE s.sold_at IS NOT NULL
