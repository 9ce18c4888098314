-- backlog: when tickets were opened, solved and opened again.
--
-- Key     account_id, ticket_id, happened_at, open
-- Reads   cases, ticket_statuses
-- Policy  none
-- Columns open: +1 where the ticket becomes open, -1 where it is solved; placed_at: when it was created. Without a history of
--         its statuses a ticket is open from its creation to its last solution, and left out where nobody knows when it was
--         solved; with one it is open up to its first status
-- Law     the running sum of a ticket is 0 or 1, at the end 1 less its is_solved
WITH solved AS (
  SELECT account_id, ticket_id, happened_at, -1 AS change FROM ticket_statuses WHERE is_solved = 1 AND (turn = 1 OR was_solved = 0)
  UNION ALL
  SELECT account_id, ticket_id, happened_at, 1 AS change FROM ticket_statuses WHERE is_solved = 0 AND turn > 1 AND was_solved = 1
), told AS (
  SELECT ticket_id, COUNT(*) AS turned FROM ticket_statuses GROUP BY ticket_id
), changes AS (
  SELECT c.account_id AS account_id, c.ticket_id AS ticket_id, c.happened_at AS happened_at, 1 AS change
  FROM cases AS c
  LEFT JOIN told AS k ON k.ticket_id = c.ticket_id
  WHERE k.turned IS NOT NULL OR c.is_solved = 0 OR c.solved_at IS NOT NULL
  UNION ALL
  SELECT account_id, ticket_id, happened_at, change FROM solved
  UNION ALL
  SELECT c.account_id AS account_id, c.ticket_id AS ticket_id, c.solved_at AS happened_at, -1 AS change
  FROM cases AS c
  LEFT JOIN told AS k ON k.ticket_id = c.ticket_id
  WHERE k.turned IS NULL AND c.solved_at IS NOT NULL
)
SELECT x.account_id AS account_id, c.person_id AS person_id, x.ticket_id AS ticket_id, x.happened_at AS happened_at, CAST(x.change AS BIGINT) AS open,
  c.happened_at AS placed_at, c.topic AS topic, c.feature AS feature, c.priority AS priority, c.ticket_channel AS ticket_channel
FROM changes AS x
JOIN cases AS c ON c.ticket_id = x.ticket_id
