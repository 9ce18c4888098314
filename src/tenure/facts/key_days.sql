-- key_days: the days on which each person did what shows engagement.
--
-- Key     account_id, person_id, day
-- Reads   usage, person_roots, calendar_days
-- Policy  none of its own
-- Columns account_id: the person's own account; where none is known, the one they acted in; day: a local day; happened_at:
--         when it began; key_events: how many
-- Law     key_events adds up to the key events of `usage` that have a person
WITH acted AS (  -- of people with an account of their own, all they did, wherever: their rows are made from theirs alone
  SELECT u.account_id AS account_id, e.person_id AS person_id, e.day AS day, e.key_events AS key_events
  FROM person_roots AS u
  JOIN usage AS e ON e.person_id = u.person_id
  WHERE COALESCE(u.account_id, '') <> '' AND e.key_events > 0
  UNION ALL
  SELECT e.account_id AS account_id, e.person_id AS person_id, e.day AS day, e.key_events AS key_events
  FROM usage AS e
  LEFT JOIN person_roots AS u ON u.person_id = e.person_id
  WHERE COALESCE(u.account_id, '') = '' AND e.person_id <> '' AND e.key_events > 0
), days AS (
  SELECT account_id, person_id, day, SUM(key_events) AS events FROM acted GROUP BY account_id, person_id, day
)
SELECT d.account_id AS account_id, d.person_id AS person_id, d.day AS day, c.starts_at AS happened_at, CAST(d.events AS BIGINT) AS key_events
FROM days AS d
JOIN calendar_days AS c ON c.day = d.day
