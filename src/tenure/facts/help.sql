-- help: visits to self-service help, and whether they answered the question.
--
-- Key     account_id, session_id
-- Reads   help_sessions, tickets, account_roots, person_roots
-- Policy  none
-- Columns is_resolved: FALSE where it ended in a ticket; else what it says of itself; else whether its person (its account,
--         where no person is named) opened no ticket within 24 hours; null where nobody is named; known_at: from when on it
--         can be told
-- Law     a session that ended in a ticket is not resolved
WITH askings AS (  -- whom: the person, or the account's anybody; a ticket of a person is one of its account as well
  SELECT COALESCE(r.root_id, h.account_id, u.account_id, '') AS account_id, COALESCE(u.root_id, h.person_id) AS person_id,
    COALESCE(u.root_id, h.person_id, '') AS whom, h.session_id AS session_id, h.happened_at AS happened_at, h.channel AS help_channel,
    h.resolved AS resolved, h.ticket_id AS ticket_id, 0 AS is_ticket
  FROM help_sessions AS h
  LEFT JOIN account_roots AS r ON r.account_id = h.account_id
  LEFT JOIN person_roots AS u ON u.person_id = h.person_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(u.is_left_out, FALSE) = FALSE
  UNION ALL
  SELECT COALESCE(r.root_id, t.account_id, u.account_id, '') AS account_id, COALESCE(u.root_id, t.person_id) AS person_id,
    COALESCE(u.root_id, t.person_id) AS whom, '' AS session_id, t.created_at AS happened_at, CAST(NULL AS VARCHAR) AS help_channel, CAST(NULL AS BOOLEAN) AS resolved,
    t.ticket_id AS ticket_id, 1 AS is_ticket
  FROM tickets AS t
  LEFT JOIN account_roots AS r ON r.account_id = t.account_id
  LEFT JOIN person_roots AS u ON u.person_id = t.person_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(u.is_left_out, FALSE) = FALSE AND t.person_id IS NOT NULL
  UNION ALL
  SELECT COALESCE(r.root_id, t.account_id, u.account_id, '') AS account_id, COALESCE(u.root_id, t.person_id) AS person_id,
    '' AS whom, '' AS session_id, t.created_at AS happened_at, CAST(NULL AS VARCHAR) AS help_channel, CAST(NULL AS BOOLEAN) AS resolved, t.ticket_id AS ticket_id, 1 AS is_ticket
  FROM tickets AS t
  LEFT JOIN account_roots AS r ON r.account_id = t.account_id
  LEFT JOIN person_roots AS u ON u.person_id = t.person_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(u.is_left_out, FALSE) = FALSE
), followed AS (
  SELECT account_id, person_id, whom, session_id, happened_at, help_channel, resolved, ticket_id, is_ticket,
    MIN(CASE WHEN is_ticket = 1 THEN happened_at END) OVER (PARTITION BY account_id, whom ORDER BY happened_at, is_ticket
      ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS next_ticket_at
  FROM askings
)
SELECT account_id, person_id, session_id, happened_at, help_channel,
  CASE WHEN ticket_id IS NOT NULL THEN FALSE WHEN resolved IS NOT NULL THEN resolved WHEN account_id = '' AND whom = '' THEN NULL
    WHEN next_ticket_at IS NULL THEN TRUE WHEN next_ticket_at < happened_at + INTERVAL 24 HOUR THEN FALSE ELSE TRUE END AS is_resolved,
  CASE WHEN ticket_id IS NOT NULL OR resolved IS NOT NULL THEN happened_at ELSE happened_at + INTERVAL 24 HOUR END AS known_at
FROM followed
WHERE is_ticket = 0
