-- aims: what each customer wants to reach by a day, and whether it did.
--
-- Key     goal_id
-- Reads   goals, account_roots, calendar_days
-- Policy  none
-- Columns happened_at: the beginning of the local day on which it is due; over_at: its end; is_met: 1 where it was achieved by the end of that
--         day, or, where no such instant is given, as much was reached as was aimed at; else 0
-- Law     a row for each goal with a day of everybody who counts
SELECT COALESCE(r.root_id, g.account_id) AS account_id, g.goal_id AS goal_id, g.name AS name,
  COALESCE(d.starts_at, CAST(g.due_on AS TIMESTAMP)) AS happened_at,
  COALESCE(d.ends_at, CAST(g.due_on AS TIMESTAMP) + INTERVAL 1 DAY) AS over_at, g.due_on AS due_on, g.achieved_at AS achieved_at,
  CAST(CASE WHEN g.achieved_at IS NOT NULL THEN CASE WHEN g.achieved_at < COALESCE(d.ends_at, CAST(g.due_on AS TIMESTAMP) + INTERVAL 1 DAY) THEN 1 ELSE 0 END
    WHEN g.actual >= g.target THEN 1 ELSE 0 END AS BIGINT) AS is_met
FROM goals AS g
LEFT JOIN account_roots AS r ON r.account_id = g.account_id
LEFT JOIN calendar_days AS d ON d.day = g.due_on
WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND g.due_on IS NOT NULL
