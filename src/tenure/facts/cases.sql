-- cases: every ticket with its first reply, its solutions and how long they took; one row per ticket.
--
-- Key     account_id, ticket_id
-- Reads   tickets, ticket_events, ticket_statuses, account_roots, person_roots, calendar
-- Policy  none
-- Columns happened_at: created; first_reply_at: the first public reply of a human agent that is not the ticket's own opening
--         (where an agent created it, the first message, within 15 seconds of the creation); agent_replies, customer_replies: messages
--         after the opening, null where not known; first_solved_at; solved_at: the last solution, null where the ticket is open
--         now; is_solved: 1 or 0 now; reopens; reopened_at: the first time, where known; first_reply_s, first_resolution_s,
--         resolution_s: whole seconds from the creation, and business_s those of them within business hours; sla_met: solved
--         by sla_due_at. A ticket's events win over its own columns: replies and notes for what was said, statuses for solutions
-- Law     0 <= *_business_s <= *_s; first_solved_at <= solved_at; solved_at is null where is_solved is 0
WITH owned AS (
  SELECT COALESCE(r.root_id, t.account_id, u.account_id, '') AS account_id, COALESCE(u.root_id, t.person_id) AS person_id, t.ticket_id AS ticket_id,
    t.created_at AS created_at, t.topic AS topic, t.feature AS feature, t.priority AS priority, t.channel AS ticket_channel,
    CASE WHEN t.status IS NULL THEN CASE WHEN COALESCE(t.solved_at, t.closed_at, t.first_solved_at) IS NULL THEN 0 ELSE 1 END
      ELSE CASE LOWER(t.status) WHEN 'solved' THEN 1 WHEN 'resolved' THEN 1 WHEN 'closed' THEN 1 ELSE 0 END END AS told_solved,
    t.first_reply_at AS told_reply_at, t.agent_replies AS told_answers, t.customer_replies AS told_questions, t.reopens AS told_reopens,
    COALESCE(t.first_solved_at, t.solved_at) AS told_first_at,
    COALESCE(t.solved_at, CASE WHEN COALESCE(t.reopens, 0) = 0 THEN t.first_solved_at END, t.closed_at, t.first_solved_at) AS told_last_at,
    t.sla_due_at AS sla_due_at, t.is_avoidable AS is_avoidable, t.first_contact_resolved AS reported_first_contact
  FROM tickets AS t
  LEFT JOIN account_roots AS r ON r.account_id = t.account_id
  LEFT JOIN person_roots AS u ON u.person_id = t.person_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(u.is_left_out, FALSE) = FALSE
), messages AS (  -- voice: the public messages of people, among which the opening is the first
  SELECT t.ticket_id AS ticket_id, t.created_at AS created_at, e.seq AS seq, e.actor AS actor,
    CASE WHEN e.happened_at < t.created_at THEN t.created_at ELSE e.happened_at END AS said_at,
    CASE WHEN e.kind = 'reply' AND COALESCE(e.is_public, TRUE) = TRUE AND (e.actor = 'agent' OR e.actor = 'customer') THEN 1 ELSE 0 END AS voice
  FROM tickets AS t
  JOIN ticket_events AS e ON e.ticket_id = t.ticket_id
  WHERE e.kind = 'reply' OR e.kind = 'note'
), placed AS (
  SELECT ticket_id, created_at, actor, said_at, voice, ROW_NUMBER() OVER (PARTITION BY ticket_id, voice ORDER BY said_at, seq) AS place
  FROM messages
), judged AS (
  SELECT ticket_id, said_at,
    CASE WHEN voice = 1 AND actor = 'agent' AND (place > 1 OR said_at >= created_at + INTERVAL 15 SECOND) THEN 1 ELSE 0 END AS answer,
    CASE WHEN voice = 1 AND actor = 'customer' AND place > 1 THEN 1 ELSE 0 END AS question
  FROM placed
), talks AS (
  SELECT ticket_id, COUNT(*) AS said, SUM(answer) AS answers, SUM(question) AS questions, MIN(CASE WHEN answer = 1 THEN said_at END) AS first_reply_at
  FROM judged
  GROUP BY ticket_id
), steps AS (
  SELECT ticket_id, MAX(turns) AS turned, MAX(CASE WHEN turn = turns THEN is_solved END) AS solved_now, MAX(CASE WHEN turn = 1 THEN was_solved END) AS came_solved,
    MIN(CASE WHEN is_solved > was_solved THEN happened_at END) AS first_at, MAX(CASE WHEN is_solved > was_solved THEN happened_at END) AS last_at,
    SUM(CASE WHEN is_solved < was_solved THEN 1 ELSE 0 END) AS reopens, MIN(CASE WHEN is_solved < was_solved THEN happened_at END) AS reopened_at
  FROM ticket_statuses
  GROUP BY ticket_id
), known AS (
  SELECT o.account_id AS account_id, o.person_id AS person_id, o.ticket_id AS ticket_id, o.created_at AS created_at, o.topic AS topic, o.feature AS feature,
    o.priority AS priority, o.ticket_channel AS ticket_channel, o.sla_due_at AS sla_due_at, o.is_avoidable AS is_avoidable,
    o.reported_first_contact AS reported_first_contact, s.reopened_at AS reopened_at,
    CASE WHEN k.said IS NULL THEN o.told_reply_at ELSE k.first_reply_at END AS first_reply_at,
    CASE WHEN k.said IS NULL THEN o.told_answers ELSE k.answers END AS agent_replies,
    CASE WHEN k.said IS NULL THEN o.told_questions ELSE k.questions END AS customer_replies,
    CASE WHEN s.turned IS NULL THEN o.told_solved ELSE s.solved_now END AS is_solved,
    CASE WHEN s.turned IS NULL THEN o.told_last_at ELSE COALESCE(s.last_at, o.told_last_at) END AS last_at,
    CASE WHEN s.turned IS NULL THEN o.told_first_at WHEN s.came_solved = 1 THEN COALESCE(o.told_first_at, s.first_at) ELSE s.first_at END AS first_at,
    CASE WHEN s.turned IS NOT NULL THEN s.reopens WHEN o.told_reopens IS NOT NULL THEN o.told_reopens
      WHEN o.told_first_at < o.told_last_at OR (o.told_solved = 0 AND o.told_last_at IS NOT NULL) THEN 1 ELSE 0 END AS reopens
  FROM owned AS o
  LEFT JOIN talks AS k ON k.ticket_id = o.ticket_id
  LEFT JOIN steps AS s ON s.ticket_id = o.ticket_id
), solutions AS (
  SELECT account_id, person_id, ticket_id, created_at, topic, feature, priority, ticket_channel, sla_due_at, is_avoidable, reported_first_contact,
    reopened_at, first_reply_at, agent_replies, customer_replies, is_solved, reopens, CASE WHEN is_solved = 1 THEN last_at END AS solved_at,
    CASE WHEN first_at IS NULL AND is_solved = 1 THEN last_at ELSE first_at END AS first_solved_at
  FROM known
), marks AS (
  SELECT account_id, ticket_id, 'created' AS mark, DATE_TRUNC('second', created_at) AS marked_at FROM solutions
  UNION ALL
  SELECT account_id, ticket_id, 'reply' AS mark, DATE_TRUNC('second', first_reply_at) AS marked_at FROM solutions WHERE first_reply_at IS NOT NULL
  UNION ALL
  SELECT account_id, ticket_id, 'first' AS mark, DATE_TRUNC('second', first_solved_at) AS marked_at FROM solutions WHERE first_solved_at IS NOT NULL
  UNION ALL
  SELECT account_id, ticket_id, 'last' AS mark, DATE_TRUNC('second', solved_at) AS marked_at FROM solutions WHERE solved_at IS NOT NULL
), quarters AS (  -- whole seconds from a fixed day, and into the quarter of an hour
  SELECT ticket_id, mark,
    CAST(DATE_DIFF('day', CAST('2000-01-01' AS DATE), CAST(marked_at AS DATE)) AS BIGINT) * 86400 + CAST(EXTRACT(HOUR FROM marked_at) AS BIGINT) * 3600
      + CAST(EXTRACT(MINUTE FROM marked_at) AS BIGINT) * 60 + CAST(EXTRACT(SECOND FROM marked_at) AS BIGINT) AS second_no,
    CAST(EXTRACT(MINUTE FROM marked_at) AS BIGINT) % 15 * 60 + CAST(EXTRACT(SECOND FROM marked_at) AS BIGINT) AS seconds_in,
    CASE WHEN EXTRACT(MINUTE FROM marked_at) < 15 THEN DATE_TRUNC('hour', marked_at)
      WHEN EXTRACT(MINUTE FROM marked_at) < 30 THEN DATE_TRUNC('hour', marked_at) + INTERVAL 15 MINUTE
      WHEN EXTRACT(MINUTE FROM marked_at) < 45 THEN DATE_TRUNC('hour', marked_at) + INTERVAL 30 MINUTE
      ELSE DATE_TRUNC('hour', marked_at) + INTERVAL 45 MINUTE END AS quarter_at
  FROM marks
), clocks AS (
  SELECT q.ticket_id AS ticket_id, q.mark AS mark, q.second_no AS second_no, c.business_s + c.is_open * q.seconds_in AS business_no
  FROM quarters AS q
  LEFT JOIN calendar AS c ON c.quarter_at = q.quarter_at
), times AS (
  SELECT ticket_id,
    MAX(CASE WHEN mark = 'created' THEN second_no END) AS created_no, MAX(CASE WHEN mark = 'created' THEN business_no END) AS created_business_no,
    MAX(CASE WHEN mark = 'reply' THEN second_no END) AS reply_no, MAX(CASE WHEN mark = 'reply' THEN business_no END) AS reply_business_no,
    MAX(CASE WHEN mark = 'first' THEN second_no END) AS first_no, MAX(CASE WHEN mark = 'first' THEN business_no END) AS first_business_no,
    MAX(CASE WHEN mark = 'last' THEN second_no END) AS last_no, MAX(CASE WHEN mark = 'last' THEN business_no END) AS last_business_no
  FROM clocks
  GROUP BY ticket_id
)
SELECT s.account_id AS account_id, s.person_id AS person_id, s.ticket_id AS ticket_id, s.created_at AS happened_at, s.topic AS topic, s.feature AS feature,
  s.priority AS priority, s.ticket_channel AS ticket_channel, s.first_reply_at AS first_reply_at,
  CAST(n.reply_no - n.created_no AS BIGINT) AS first_reply_s, CAST(n.reply_business_no - n.created_business_no AS BIGINT) AS first_reply_business_s,
  s.first_solved_at AS first_solved_at, s.solved_at AS solved_at, CAST(s.is_solved AS BIGINT) AS is_solved,
  CAST(n.first_no - n.created_no AS BIGINT) AS first_resolution_s, CAST(n.first_business_no - n.created_business_no AS BIGINT) AS first_resolution_business_s,
  CAST(n.last_no - n.created_no AS BIGINT) AS resolution_s, CAST(n.last_business_no - n.created_business_no AS BIGINT) AS resolution_business_s,
  CAST(s.agent_replies AS BIGINT) AS agent_replies, CAST(s.customer_replies AS BIGINT) AS customer_replies, CAST(s.reopens AS BIGINT) AS reopens,
  s.reopened_at AS reopened_at, s.sla_due_at AS sla_due_at,
  CASE WHEN s.sla_due_at IS NULL THEN NULL WHEN s.solved_at <= s.sla_due_at THEN TRUE ELSE FALSE END AS sla_met,
  s.is_avoidable AS is_avoidable, s.reported_first_contact AS reported_first_contact
FROM solutions AS s
JOIN times AS n ON n.ticket_id = s.ticket_id
