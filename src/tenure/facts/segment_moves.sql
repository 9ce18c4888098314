-- segment_moves: when an attribute of an account changed, as what it leaves and what it joins.
--
-- Key     account_id, attribute, happened_at, segment
-- Reads   attribute_values
-- Policy  none
-- Columns segment: a value of the attribute; sign: -1 for the value that it leaves, +1 for the one that it joins
-- Law     the signs of an account, attribute and instant add up to nothing
WITH followed AS (
  SELECT account_id, attribute, happened_at, attribute_value,
    ROW_NUMBER() OVER (PARTITION BY account_id, attribute ORDER BY happened_at) AS turn,
    LAG(attribute_value) OVER (PARTITION BY account_id, attribute ORDER BY happened_at) AS last_value
  FROM attribute_values
), changed AS (
  SELECT account_id, attribute, happened_at, attribute_value, last_value FROM followed WHERE turn > 1 AND last_value <> attribute_value
)
SELECT account_id, attribute, happened_at, last_value AS segment, CAST(-1 AS BIGINT) AS sign FROM changed
UNION ALL
SELECT account_id, attribute, happened_at, attribute_value AS segment, CAST(1 AS BIGINT) AS sign FROM changed
