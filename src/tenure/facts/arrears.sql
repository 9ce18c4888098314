-- arrears: when items of an account are past due, and when they no longer are: changes of a level.
--
-- Key     account_id, happened_at
-- Reads   subscription_periods, account_roots
-- Policy  none
-- Columns change: how many more items are past due than before; happened_at: when
-- Law     the running sum of change is never below 0
WITH billed AS (
  SELECT COALESCE(r.root_id, p.account_id) AS account_id, p.state AS state, p.starts_at AS starts_at, p.ends_at AS ends_at,
    LEAD(p.starts_at) OVER (PARTITION BY COALESCE(r.root_id, p.account_id), p.subscription_id, p.item_id ORDER BY p.starts_at) AS next_at,
    ROW_NUMBER() OVER (PARTITION BY COALESCE(r.root_id, p.account_id), p.subscription_id, p.item_id ORDER BY p.starts_at) AS turn,
    COUNT(*) OVER (PARTITION BY COALESCE(r.root_id, p.account_id), p.subscription_id, p.item_id) AS turns
  FROM subscription_periods AS p
  LEFT JOIN account_roots AS r ON r.account_id = p.account_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE
), unpaid AS (  -- of two periods that overlap the later start ends the earlier one
  SELECT account_id, starts_at, CASE WHEN turn < turns AND (ends_at IS NULL OR next_at < ends_at) THEN next_at ELSE ends_at END AS stops_at
  FROM billed
  WHERE state = 'past_due'
), owed AS (
  SELECT account_id, starts_at AS happened_at, 1 AS items FROM unpaid
  UNION ALL
  SELECT account_id, stops_at AS happened_at, -1 AS items FROM unpaid WHERE stops_at IS NOT NULL
)
SELECT account_id, happened_at, CAST(SUM(items) AS BIGINT) AS change
FROM owed
GROUP BY account_id, happened_at
