-- signals: what an account's behaviour says of how it fares, measure by measure, and when that changes.
--
-- Key     account_id, signal, happened_at
-- Reads   account_activity, calendar_days, answers, backlog, arrears, launches
-- Policy  none
-- Columns signal: usage, answer, tickets, payment or launch; weight: how much it weighs in the score of `health`; known: +1 where the
--         measure begins to say something, -1 where it no longer does; points: change of what it says, from 0 (bad) to 100 (good).
--         usage: active days of the last four full weeks in per cent of the four before, 100 at most, 0 where there are none
--         in either, from four weeks after the first week of use on. answer: the last answer with a score, on its own scale, for
--         180 days. Three more speak only where something is amiss: tickets: 75, 50, 25, 0 with one, two, three, more of them
--         open; payment: 0 while an item is past due; launch: 50 from 30 days after the sale and 0 from 90 days on, until the
--         account is launched or has left. known_at: when the reason of the change had happened; what lapses is known before
-- Law     running sums of known are 0 or 1, and those of points lie within 0 and 100 times that
WITH numbered_days AS (  -- day_number: since a Monday
  SELECT account_id, DATE_DIFF('day', CAST('1970-01-05' AS DATE), day) AS day_number FROM account_activity
), weeks AS (
  SELECT account_id, day_number - day_number % 7 AS monday, CAST(COUNT(*) AS BIGINT) AS days FROM numbered_days GROUP BY account_id, day_number - day_number % 7
), spans AS (  -- a week enters the last four when it is over, the four before four weeks later, and leaves them
  SELECT account_id, monday + 7 AS turn, days AS later, CAST(0 AS BIGINT) AS sooner FROM weeks
  UNION ALL
  SELECT account_id, monday + 35 AS turn, -days AS later, days AS sooner FROM weeks
  UNION ALL
  SELECT account_id, monday + 63 AS turn, CAST(0 AS BIGINT) AS later, -days AS sooner FROM weeks
), turns AS (
  SELECT account_id, turn, SUM(later) AS later_change, SUM(sooner) AS sooner_change FROM spans GROUP BY account_id, turn
), used AS (
  SELECT account_id, turn,
    CAST(SUM(later_change) OVER (PARTITION BY account_id ORDER BY turn ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS later,
    CAST(SUM(sooner_change) OVER (PARTITION BY account_id ORDER BY turn ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS sooner,
    MAX(CASE WHEN sooner_change > 0 THEN 1 ELSE 0 END)
      OVER (PARTITION BY account_id ORDER BY turn ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS is_known
  FROM turns
), rated AS (
  SELECT account_id, answered_at, response_id, CAST(CAST(rating - scale_min AS DECIMAL(38, 6)) * 1000000 AS DECIMAL(38, 0)) * 100 AS part,
    CAST(CAST(scale_max - scale_min AS DECIMAL(38, 6)) * 1000000 AS DECIMAL(38, 0)) AS whole
  FROM answers
  WHERE account_id <> '' AND answered_at IS NOT NULL AND rating IS NOT NULL AND scale_min < scale_max
), told AS (
  SELECT account_id, answered_at, CAST(ROUND(CAST(part - part % whole AS DOUBLE) / NULLIF(CAST(whole AS DOUBLE), 0)) AS BIGINT) AS points,
    ROW_NUMBER() OVER (PARTITION BY account_id, answered_at ORDER BY response_id DESC) AS place
  FROM rated
), followed AS (
  SELECT account_id, answered_at, points, LEAD(answered_at) OVER (PARTITION BY account_id ORDER BY answered_at) AS next_at,
    ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY answered_at) AS turn, COUNT(*) OVER (PARTITION BY account_id) AS turns
  FROM told
  WHERE place = 1
), held AS (
  SELECT account_id, points, answered_at AS begins_at,
    CASE WHEN turn < turns AND next_at < answered_at + INTERVAL 180 DAY THEN next_at ELSE answered_at + INTERVAL 180 DAY END AS ends_at
  FROM followed
), opened AS (
  SELECT account_id, happened_at, SUM(open) AS open FROM backlog WHERE account_id <> '' GROUP BY account_id, happened_at
), waiting AS (
  SELECT account_id, happened_at, SUM(open) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS tickets
  FROM opened
), debts AS (
  SELECT account_id, happened_at, SUM(change) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS items
  FROM arrears
), sales AS (
  SELECT account_id, happened_at AS sold_at, happened_at + INTERVAL 30 DAY AS late_at, happened_at + INTERVAL 90 DAY AS lost_at,
    CASE WHEN left_at IS NULL OR launched_at < left_at THEN launched_at ELSE left_at END AS ends_at
  FROM launches
), lasts AS (
  SELECT account_id, MAX(happened_at) AS last_at FROM account_activity GROUP BY account_id
), levels AS (  -- what a measure says from here on
  SELECT u.account_id AS account_id, 'usage' AS signal, c.starts_at AS happened_at,
    CASE WHEN c.starts_at < k.last_at THEN c.starts_at ELSE k.last_at END AS known_at, u.is_known AS is_known,
    CASE WHEN u.is_known = 0 OR (u.later = 0 AND u.sooner = 0) THEN 0 WHEN u.later >= u.sooner THEN 100
      ELSE CAST(ROUND(CAST(100 * u.later - (100 * u.later) % NULLIF(u.sooner, 0) AS DOUBLE) / NULLIF(CAST(u.sooner AS DOUBLE), 0)) AS BIGINT) END AS level
  FROM used AS u
  JOIN calendar_days AS c ON DATE_DIFF('day', CAST('1970-01-05' AS DATE), c.day) = u.turn
  JOIN lasts AS k ON k.account_id = u.account_id
  UNION ALL
  SELECT account_id, 'tickets' AS signal, happened_at, happened_at AS known_at, CASE WHEN tickets > 0 THEN 1 ELSE 0 END AS is_known,
    CASE WHEN tickets = 1 THEN 75 WHEN tickets = 2 THEN 50 WHEN tickets = 3 THEN 25 ELSE 0 END AS level
  FROM waiting
  UNION ALL
  SELECT account_id, 'payment' AS signal, happened_at, happened_at AS known_at, CASE WHEN items > 0 THEN 1 ELSE 0 END AS is_known, 0 AS level FROM debts
), numbered AS (
  SELECT account_id, signal, happened_at, known_at, is_known, level,
    ROW_NUMBER() OVER (PARTITION BY account_id, signal ORDER BY happened_at) AS turn,
    LAG(is_known) OVER (PARTITION BY account_id, signal ORDER BY happened_at) AS last_known,
    LAG(level) OVER (PARTITION BY account_id, signal ORDER BY happened_at) AS last_level
  FROM levels
), changes AS (
  SELECT account_id, signal, happened_at, known_at, is_known - CASE WHEN turn > 1 THEN last_known ELSE 0 END AS knows,
    level - CASE WHEN turn > 1 THEN last_level ELSE 0 END AS change
  FROM numbered
  UNION ALL
  SELECT account_id, 'answer' AS signal, begins_at AS happened_at, begins_at AS known_at, 1 AS knows, points AS change FROM held
  UNION ALL
  SELECT account_id, 'answer' AS signal, ends_at AS happened_at, begins_at AS known_at, -1 AS knows, -points AS change FROM held
  UNION ALL
  SELECT account_id, 'launch' AS signal, late_at AS happened_at, sold_at AS known_at, 1 AS knows, 50 AS change FROM sales WHERE ends_at IS NULL OR ends_at > late_at
  UNION ALL
  SELECT account_id, 'launch' AS signal, lost_at AS happened_at, sold_at AS known_at, 0 AS knows, -50 AS change FROM sales WHERE ends_at IS NULL OR ends_at > lost_at
  UNION ALL
  SELECT account_id, 'launch' AS signal, ends_at AS happened_at, ends_at AS known_at, -1 AS knows, CASE WHEN ends_at > lost_at THEN 0 ELSE -50 END AS change
  FROM sales WHERE ends_at > late_at
)
SELECT account_id, signal, CAST(CASE signal WHEN 'usage' THEN 40 WHEN 'answer' THEN 25 WHEN 'payment' THEN 15 ELSE 10 END AS BIGINT) AS weight,
  happened_at, MAX(known_at) AS known_at, CAST(SUM(knows) AS BIGINT) AS known, CAST(SUM(change) AS BIGINT) AS points
FROM changes
GROUP BY account_id, signal, happened_at
HAVING SUM(knows) <> 0 OR SUM(change) <> 0
