-- attribute_values: what an attribute of an account was, from when on.
--
-- Key     account_id, name, happened_at
-- Reads   account_attributes, account_roots
-- Policy  none
-- Columns attribute: its name; attribute_value: what it is from happened_at on, '(none)' where a value ended and none followed; the first
--         known value holds for all time before it, so its row begins in 1970 at the latest
-- Law     one value at a time, and one row at an instant
WITH owned AS (  -- of a merged account the attributes of the one that survives count
  SELECT e.account_id AS account_id, e.name AS attribute, COALESCE(e.value, '(none)') AS attribute_value, e.valid_from AS valid_from, e.valid_to AS valid_to
  FROM account_attributes AS e
  LEFT JOIN account_roots AS r ON r.account_id = e.account_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(r.root_id, e.account_id) = e.account_id
    AND (e.valid_to IS NULL OR e.valid_to > e.valid_from)  -- what held for no time was never so
), followed AS (
  SELECT account_id, attribute, attribute_value, valid_from, valid_to,
    ROW_NUMBER() OVER (PARTITION BY account_id, attribute ORDER BY valid_from) AS turn,
    COUNT(*) OVER (PARTITION BY account_id, attribute) AS turns,
    LEAD(valid_from) OVER (PARTITION BY account_id, attribute ORDER BY valid_from) AS next_from
  FROM owned
)
SELECT account_id, attribute, CASE WHEN turn = 1 AND valid_from > CAST('1970-01-01 00:00:00' AS TIMESTAMP)
    THEN CAST('1970-01-01 00:00:00' AS TIMESTAMP) ELSE valid_from END AS happened_at, attribute_value
FROM followed
UNION ALL
SELECT account_id, attribute, valid_to AS happened_at, '(none)' AS attribute_value
FROM followed
WHERE valid_to IS NOT NULL AND (turn = turns OR valid_to < next_from)
