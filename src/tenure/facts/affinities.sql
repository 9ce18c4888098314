-- affinities: how each account was last seen to feel about us, while that is recent: changes of a level.
--
-- Key     account_id, happened_at, accounts
-- Reads   contacts, calendar, calendar_days
-- Policy  none
-- Columns accounts: +1 at a touch with an affinity (of several at one instant, the last id), -1 at the account's next one, or
--         when the 90th local day after it begins: it holds for the 90 local days that begin with its own; happy: the same for an
--         account that is happy; placed_at: the instant of the touch; known_at: when it was known that the level would change:
--         of what lapses, at the touch
-- Law     running sums of accounts and of happy are 0 or 1 for an account, and happy is never more than accounts
WITH told AS (
  SELECT account_id, happened_at, CASE WHEN affinity = 'happy' THEN 1 ELSE 0 END AS is_happy,
    CASE WHEN EXTRACT(MINUTE FROM happened_at) < 15 THEN DATE_TRUNC('hour', happened_at)
      WHEN EXTRACT(MINUTE FROM happened_at) < 30 THEN DATE_TRUNC('hour', happened_at) + INTERVAL 15 MINUTE
      WHEN EXTRACT(MINUTE FROM happened_at) < 45 THEN DATE_TRUNC('hour', happened_at) + INTERVAL 30 MINUTE
      ELSE DATE_TRUNC('hour', happened_at) + INTERVAL 45 MINUTE END AS quarter_at,
    ROW_NUMBER() OVER (PARTITION BY account_id, happened_at ORDER BY touch_id DESC) AS place
  FROM contacts
  WHERE affinity IS NOT NULL
), lasting AS (
  SELECT t.account_id AS account_id, t.happened_at AS happened_at, t.is_happy AS is_happy,
    CAST(c.day + INTERVAL 90 DAY AS DATE) AS last_day
  FROM told AS t
  LEFT JOIN calendar AS c ON c.quarter_at = t.quarter_at
  WHERE t.place = 1
), followed AS (
  SELECT t.account_id AS account_id, t.happened_at AS happened_at, t.is_happy AS is_happy,
    COALESCE(d.starts_at, t.happened_at + INTERVAL 90 DAY) AS lapses_at,
    ROW_NUMBER() OVER (PARTITION BY t.account_id ORDER BY t.happened_at) AS turn, COUNT(*) OVER (PARTITION BY t.account_id) AS turns,
    LEAD(t.happened_at) OVER (PARTITION BY t.account_id ORDER BY t.happened_at) AS next_at
  FROM lasting AS t
  LEFT JOIN calendar_days AS d ON d.day = t.last_day
), held AS (
  SELECT account_id, happened_at AS begins_at, is_happy,
    CASE WHEN turn < turns AND next_at < lapses_at THEN next_at ELSE lapses_at END AS ends_at,
    CASE WHEN turn < turns AND next_at < lapses_at THEN next_at ELSE happened_at END AS known_at
  FROM followed
)
SELECT account_id, begins_at AS happened_at, begins_at AS placed_at, begins_at AS known_at, CAST(1 AS BIGINT) AS accounts, CAST(is_happy AS BIGINT) AS happy FROM held
UNION ALL
SELECT account_id, ends_at AS happened_at, begins_at AS placed_at, known_at, CAST(-1 AS BIGINT) AS accounts, CAST(-is_happy AS BIGINT) AS happy FROM held
