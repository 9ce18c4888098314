-- ticket_statuses: what tickets went through between open and solved, step by step, where their history is known.
--
-- Key     account_id, ticket_id, turn
-- Reads   tickets, ticket_events, account_roots, person_roots
-- Policy  none
-- Columns turn: 1 and on in the order of time, then of seq; turns: how many the ticket has; is_solved: 1 where the status
--         is solved, resolved or closed, else 0; was_solved: the same before the turn, of the first one what it says it came from
-- Law     was_solved is the is_solved of the turn before; nothing happens to a ticket before it was created
WITH told AS (
  SELECT COALESCE(r.root_id, t.account_id, u.account_id, '') AS account_id, t.ticket_id AS ticket_id, e.seq AS seq,
    CASE WHEN e.happened_at < t.created_at THEN t.created_at ELSE e.happened_at END AS happened_at,
    CASE LOWER(e.to_status) WHEN 'solved' THEN 1 WHEN 'resolved' THEN 1 WHEN 'closed' THEN 1 ELSE 0 END AS is_solved,
    CASE LOWER(COALESCE(e.from_status, '')) WHEN 'solved' THEN 1 WHEN 'resolved' THEN 1 WHEN 'closed' THEN 1 ELSE 0 END AS came_solved
  FROM tickets AS t
  JOIN ticket_events AS e ON e.ticket_id = t.ticket_id
  LEFT JOIN account_roots AS r ON r.account_id = t.account_id
  LEFT JOIN person_roots AS u ON u.person_id = t.person_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(u.is_left_out, FALSE) = FALSE AND e.kind = 'status' AND e.to_status IS NOT NULL
), turned AS (
  SELECT account_id, ticket_id, happened_at, is_solved, came_solved,
    ROW_NUMBER() OVER (PARTITION BY ticket_id ORDER BY happened_at, seq) AS place,
    COUNT(*) OVER (PARTITION BY ticket_id) AS places,
    LAG(is_solved) OVER (PARTITION BY ticket_id ORDER BY happened_at, seq) AS last_solved
  FROM told
)
SELECT account_id, ticket_id, happened_at, CAST(place AS BIGINT) AS turn, CAST(places AS BIGINT) AS turns, CAST(is_solved AS BIGINT) AS is_solved,
  CAST(CASE WHEN place = 1 THEN came_solved ELSE last_solved END AS BIGINT) AS was_solved
FROM turned
