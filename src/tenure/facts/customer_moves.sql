-- customer_moves: which customers move from one segment to another as attributes with a history change.
--
-- Key     account_id, attribute, segment, happened_at, valued_in
-- Reads   customers, segment_moves
-- Policy  none of its own
-- Columns attribute, segment: of `segment_moves`; accounts, paying, worth: the account's levels just before, as in `customers`, with the
--         sign of the move
-- Law     accounts, paying and worth add up to nothing for an account, attribute and instant
WITH levels AS (
  SELECT r.account_id AS account_id, m.attribute AS attribute, m.segment AS segment, m.happened_at AS happened_at, r.valued_in AS valued_in,
    SUM(CASE WHEN r.happened_at < m.happened_at THEN m.sign * r.accounts ELSE 0 END) AS accounts_moved,
    SUM(CASE WHEN r.happened_at < m.happened_at THEN m.sign * r.paying ELSE 0 END) AS paying_moved,
    SUM(CASE WHEN r.happened_at < m.happened_at THEN m.sign * r.worth ELSE 0 END) AS moved
  FROM customers AS r
  JOIN segment_moves AS m ON m.account_id = r.account_id
  GROUP BY r.account_id, m.attribute, m.segment, m.happened_at, r.valued_in
)
SELECT account_id, attribute, segment, happened_at, valued_in, CAST(accounts_moved AS BIGINT) AS accounts, CAST(paying_moved AS BIGINT) AS paying,
  CAST(moved AS DECIMAL(38, 14)) AS worth
FROM levels
WHERE accounts_moved <> 0 OR paying_moved <> 0 OR moved <> 0
