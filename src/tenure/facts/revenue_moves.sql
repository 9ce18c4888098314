-- revenue_moves: what moves from one segment to another as attributes with a history change.
--
-- Key     account_id, attribute, segment, happened_at, valued_in
-- Reads   revenue, segment_moves, rates
-- Policy  $fx, $first_day, $last_day
-- Columns attribute, segment: of `segment_moves`; worth, list_worth: the account's level just before, with the sign of the move, in the
--         currency `valued_in`; amount: worth in the company's currency at the rate of the day
-- Law     worth adds up to nothing for an account, attribute and instant
WITH levels AS (
  SELECT r.account_id AS account_id, m.attribute AS attribute, m.segment AS segment, m.happened_at AS happened_at, r.valued_in AS valued_in,
    SUM(CASE WHEN r.happened_at < m.happened_at THEN m.sign * r.worth ELSE 0 END) AS moved,
    SUM(CASE WHEN r.happened_at < m.happened_at THEN m.sign * r.list_worth ELSE 0 END) AS list_moved
  FROM revenue AS r
  JOIN segment_moves AS m ON m.account_id = r.account_id
  GROUP BY r.account_id, m.attribute, m.segment, m.happened_at, r.valued_in
), dated AS (
  SELECT *, LEAST(GREATEST(CAST(happened_at AS DATE), CAST($first_day AS DATE)), CAST($last_day AS DATE)) AS rate_day
  FROM levels
  WHERE moved <> 0 OR list_moved <> 0
)
SELECT d.account_id AS account_id, d.attribute AS attribute, d.segment AS segment, d.happened_at AS happened_at, d.valued_in AS valued_in,
  CAST(d.moved AS DECIMAL(38, 14)) AS worth, CAST(d.list_moved AS DECIMAL(38, 14)) AS list_worth,
  CASE WHEN $fx = 'daily' THEN CAST(CAST(d.moved AS DECIMAL(22, 4)) * f.rate AS DECIMAL(38, 14)) ELSE CAST(d.moved AS DECIMAL(38, 14)) END AS amount
FROM dated AS d
LEFT JOIN rates AS f ON f.currency = d.valued_in AND f.day = d.rate_day
