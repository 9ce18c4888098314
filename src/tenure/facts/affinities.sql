-- affinities: how each account was last seen to feel about us, while that is recent: changes of a level.
--
-- Key     account_id, happened_at, accounts
-- Reads   contacts
-- Policy  none
-- Columns accounts: +1 at a touch with an affinity (of several at one instant, the last id), -1 at the account's next one, or
--         90 days after; happy: the same for an account that is happy; placed_at: the instant of the touch; known_at: when
--         it was known that the level would change: of what lapses after 90 days, at the touch
-- Law     running sums of accounts and of happy are 0 or 1 for an account, and happy is never more than accounts
WITH told AS (
  SELECT account_id, happened_at, CASE WHEN affinity = 'happy' THEN 1 ELSE 0 END AS is_happy,
    ROW_NUMBER() OVER (PARTITION BY account_id, happened_at ORDER BY touch_id DESC) AS place
  FROM contacts
  WHERE affinity IS NOT NULL
), followed AS (
  SELECT account_id, happened_at, is_happy, ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY happened_at) AS turn,
    COUNT(*) OVER (PARTITION BY account_id) AS turns, LEAD(happened_at) OVER (PARTITION BY account_id ORDER BY happened_at) AS next_at
  FROM told
  WHERE place = 1
), held AS (
  SELECT account_id, happened_at AS begins_at, is_happy,
    CASE WHEN turn < turns AND next_at < happened_at + INTERVAL 90 DAY THEN next_at ELSE happened_at + INTERVAL 90 DAY END AS ends_at,
    CASE WHEN turn < turns AND next_at < happened_at + INTERVAL 90 DAY THEN next_at ELSE happened_at END AS known_at
  FROM followed
)
SELECT account_id, begins_at AS happened_at, begins_at AS placed_at, begins_at AS known_at, CAST(1 AS BIGINT) AS accounts, CAST(is_happy AS BIGINT) AS happy FROM held
UNION ALL
SELECT account_id, ends_at AS happened_at, begins_at AS placed_at, known_at, CAST(-1 AS BIGINT) AS accounts, CAST(-is_happy AS BIGINT) AS happy FROM held
