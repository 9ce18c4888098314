-- activity: the days on which each person was active, each with the next one.
--
-- Key     person_id, day
-- Reads   usage, person_roots, calendar_days
-- Policy  none; the company's $active_count
-- Columns account_id: the person's own account, wherever they acted; where the person is not known, or has none, the account
--         they acted in on that day, of several the first; day: a local day with $active_count active events at least;
--         next_day: the person's next such day, null if there is none; happened_at: when the day began
-- Law     who is active in the W days that end with day d: rows with day <= d, less those with LEAST(day + W, next_day) <= d
WITH homeless AS (  -- whose days are told by the accounts they acted in; the first that a restriction reaches
  SELECT e.account_id AS account_id, e.person_id AS person_id
  FROM usage AS e
  LEFT JOIN person_roots AS u ON u.person_id = e.person_id
  WHERE COALESCE(u.account_id, '') = '' AND e.person_id <> '' AND e.active_events > 0
  GROUP BY e.account_id, e.person_id
), acted AS (  -- all that a person did, wherever, for each account that the person may be counted with
  SELECT u.account_id AS account_id, e.person_id AS person_id, u.account_id AS place, e.day AS day, e.active_events AS active_events
  FROM person_roots AS u
  JOIN usage AS e ON e.person_id = u.person_id
  WHERE COALESCE(u.account_id, '') <> '' AND e.active_events > 0
  UNION ALL
  SELECT h.account_id AS account_id, e.person_id AS person_id, e.account_id AS place, e.day AS day, e.active_events AS active_events
  FROM homeless AS h
  JOIN usage AS e ON e.person_id = h.person_id
  WHERE e.active_events > 0
), days AS (
  SELECT account_id, person_id, day, MIN(place) AS at_home
  FROM acted
  GROUP BY account_id, person_id, day
  HAVING SUM(active_events) >= $active_count
), followed AS (
  SELECT account_id, person_id, day, at_home, LEAD(day) OVER (PARTITION BY account_id, person_id ORDER BY day) AS next_day FROM days
)
SELECT f.account_id AS account_id, f.person_id AS person_id, f.day AS day, f.next_day AS next_day, c.starts_at AS happened_at
FROM followed AS f
JOIN calendar_days AS c ON c.day = f.day
WHERE f.at_home = f.account_id
