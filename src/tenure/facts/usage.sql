-- usage: what was done in the product, by account, person, feature and quarter of an hour.
--
-- Key     account_id, person_id, feature, happened_at
-- Reads   events, account_roots, person_roots, calendar
-- Policy  none; the company's $is_active, $is_key
-- Columns person_id: '' where nobody is named; feature: '(none)' where none is; happened_at: the beginning of the quarter
--         of an hour in UTC; day: its local day; events, active_events, key_events, errors: how many; seconds: how long
--         they took; sessions: those that began here. A session belongs to one account, and to what it began with: its
--         earliest event, of several the first by feature and person
-- Law     events adds up to the events of everybody who counts, sessions to their different (account_id, session_id)
WITH told AS (
  SELECT account_id, person_id, feature, session_id, happened_at, duration_s,
    CASE WHEN $is_active THEN 1 ELSE 0 END AS counts, CASE WHEN $is_key THEN 1 ELSE 0 END AS engages, CASE WHEN is_error THEN 1 ELSE 0 END AS fails
  FROM events
), placed AS (
  SELECT COALESCE(r.root_id, e.account_id, u.account_id, '') AS account_id, COALESCE(u.root_id, e.person_id, '') AS person_id,
    COALESCE(e.feature, '(none)') AS feature, COALESCE(e.session_id, '') AS session_id,
    CASE WHEN EXTRACT(MINUTE FROM e.happened_at) < 15 THEN DATE_TRUNC('hour', e.happened_at)
      WHEN EXTRACT(MINUTE FROM e.happened_at) < 30 THEN DATE_TRUNC('hour', e.happened_at) + INTERVAL 15 MINUTE
      WHEN EXTRACT(MINUTE FROM e.happened_at) < 45 THEN DATE_TRUNC('hour', e.happened_at) + INTERVAL 30 MINUTE
      ELSE DATE_TRUNC('hour', e.happened_at) + INTERVAL 45 MINUTE END AS quarter_at,
    e.happened_at AS first_at, e.duration_s AS duration_s, e.counts AS counts, e.engages AS engages, e.fails AS fails
  FROM told AS e
  LEFT JOIN account_roots AS r ON r.account_id = e.account_id
  LEFT JOIN person_roots AS u ON u.person_id = e.person_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(u.is_left_out, FALSE) = FALSE
), visits AS (
  SELECT account_id, person_id, feature, session_id, quarter_at, MIN(first_at) AS begins_at, COUNT(*) AS events, SUM(counts) AS active_events,
    SUM(engages) AS key_events, SUM(fails) AS errors, SUM(duration_s) AS seconds
  FROM placed
  GROUP BY account_id, person_id, feature, session_id, quarter_at
), ranked AS (
  SELECT account_id, person_id, feature, session_id, quarter_at, events, active_events, key_events, errors, seconds,
    ROW_NUMBER() OVER (PARTITION BY account_id, session_id ORDER BY begins_at, feature, person_id) AS place
  FROM visits
), summed AS (
  SELECT account_id, person_id, feature, quarter_at, SUM(events) AS events, SUM(active_events) AS active_events, SUM(key_events) AS key_events,
    SUM(errors) AS errors, SUM(seconds) AS seconds, SUM(CASE WHEN session_id <> '' AND place = 1 THEN 1 ELSE 0 END) AS sessions
  FROM ranked
  GROUP BY account_id, person_id, feature, quarter_at
)
SELECT s.account_id AS account_id, s.person_id AS person_id, s.feature AS feature, s.quarter_at AS happened_at, c.day AS day,
  CAST(s.events AS BIGINT) AS events, CAST(s.active_events AS BIGINT) AS active_events, CAST(s.key_events AS BIGINT) AS key_events,
  CAST(s.errors AS BIGINT) AS errors, CAST(COALESCE(s.seconds, 0) AS DECIMAL(38, 6)) AS seconds, CAST(s.sessions AS BIGINT) AS sessions
FROM summed AS s
JOIN calendar AS c ON c.quarter_at = s.quarter_at
