-- account_activity: the days on which each account was active, each with the next one.
--
-- Key     account_id, day
-- Reads   usage, calendar_days
-- Policy  none; the company's $active_count
-- Columns day: a local day with $active_count active events at least, of whomever, of nobody too; next_day: the next such
--         day, null if there is none; happened_at: when the day began
-- Law     as in `activity`
WITH days AS (
  SELECT account_id, day FROM usage WHERE account_id <> '' AND active_events > 0 GROUP BY account_id, day HAVING SUM(active_events) >= $active_count
), followed AS (
  SELECT account_id, day, LEAD(day) OVER (PARTITION BY account_id ORDER BY day) AS next_day FROM days
)
SELECT f.account_id AS account_id, f.day AS day, f.next_day AS next_day, c.starts_at AS happened_at
FROM followed AS f
JOIN calendar_days AS c ON c.day = f.day
