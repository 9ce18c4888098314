-- metric: avoidable_ticket_share
SELECT month_of(happened_at) AS month, count(*) FILTER (is_avoidable) / count(*) FROM facts.cases WHERE within(happened_at) GROUP BY month;

-- metric: first_contact_resolution_rate
SELECT month_of(solved_at) AS month,
  count(*) FILTER (agent_replies = 1 AND (reopens = 0 OR reopened_at >= first_solved_at + INTERVAL 7 DAY)) / count(*)
FROM facts.cases WHERE within(solved_at) AND agent_replies IS NOT NULL AND first_solved_at + INTERVAL 7 DAY <= until() GROUP BY month;

-- metric: first_response_on_time_share
SELECT month_of(happened_at) AS month, count(*) FILTER (first_reply_at <= until() AND first_reply_s <= 3600) / count(*)
FROM facts.cases WHERE within(happened_at) AND (first_reply_at <= until() OR happened_at + INTERVAL 60 MINUTE <= until()) GROUP BY month;

-- metric: first_response_time
SELECT month_of(happened_at) AS month, median(first_reply_s) FROM facts.cases WHERE within(happened_at) AND first_reply_at <= until() GROUP BY month;

-- metric: reopen_rate
SELECT month_of(first_solved_at) AS month, count(*) FILTER (reopens > 0 AND (reopened_at IS NULL OR reopened_at <= until())) / count(*)
FROM facts.cases WHERE within(first_solved_at) GROUP BY month;

-- metric: resolution_on_time_share
SELECT month_of(solved_at) AS month, count(*) FILTER (resolution_s <= 86400) / count(*) FROM facts.cases WHERE within(solved_at) GROUP BY month;

-- metric: resolution_time
SELECT month_of(solved_at) AS month, median(resolution_s) FROM facts.cases WHERE within(solved_at) GROUP BY month;

-- metric: self_service_rate
SELECT month, coalesce(h.n, 0) / (coalesce(h.n, 0) + t.n) FROM (
  SELECT month_of(happened_at) AS month, count(*) AS n FROM facts.cases WHERE within(happened_at) GROUP BY month
) AS t LEFT JOIN (
  SELECT month_of(happened_at) AS month, count(*) AS n FROM facts.help WHERE is_resolved AND known_at <= until() AND within(happened_at) GROUP BY month
) AS h USING (month);

-- metric: sla_attainment
SELECT month_of(sla_due_at) AS month, count(*) FILTER (sla_met) / count(*) FROM facts.cases WHERE within(sla_due_at) GROUP BY month;

-- metric: ticket_backlog
SELECT m.month, sum(n) FROM months AS m JOIN (
  SELECT month_of(happened_at) AS month, sum(open) AS n FROM facts.backlog GROUP BY month
) AS b ON b.month < closes GROUP BY m.month;

-- metric: tickets
SELECT month_of(happened_at) AS month, count(*) FROM facts.cases WHERE within(happened_at) GROUP BY month;

-- metric: tickets_per_customer
SELECT month, coalesce(n, 0) / ((o.accounts + c.accounts) / 2)
FROM months JOIN customers_at() AS o ON o.cut = month JOIN customers_at() AS c ON c.cut = closes LEFT JOIN (
  SELECT month_of(happened_at) AS month, count(*) AS n FROM facts.cases WHERE within(happened_at) GROUP BY month
) USING (month);
