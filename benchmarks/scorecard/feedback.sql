-- metric: ces
SELECT month_of(happened_at) AS month, CASE
  WHEN min(scale_min) < max(scale_min) OR min(scale_max) < max(scale_max) THEN avg(1 + 6 * (rating - scale_min) / (scale_max - scale_min))
  ELSE avg(rating) END
FROM facts.answers WHERE survey = 'ces' AND score IS NOT NULL AND within(happened_at) GROUP BY month;

-- metric: ces_easy_share
SELECT month_of(happened_at) AS month, avg(is_easy) FROM facts.answers WHERE survey = 'ces' AND score IS NOT NULL AND within(happened_at) GROUP BY month;

-- metric: csat
SELECT month_of(happened_at) AS month, avg(is_satisfied) FROM facts.answers WHERE survey = 'csat' AND score IS NOT NULL AND within(happened_at) GROUP BY month;

-- metric: csat_mean
SELECT month_of(happened_at) AS month, CASE
  WHEN min(scale_min) < max(scale_min) OR min(scale_max) < max(scale_max) THEN avg(1 + 4 * (rating - scale_min) / (scale_max - scale_min))
  ELSE avg(rating) END
FROM facts.answers WHERE survey = 'csat' AND score IS NOT NULL AND within(happened_at) GROUP BY month;

-- metric: feedback_volume
SELECT month_of(happened_at) AS month, count(*) FROM facts.comments WHERE within(happened_at) GROUP BY month;

-- metric: happy_share
SELECT m.month, sum(happy) / sum(accounts) FROM months AS m JOIN (
  SELECT month_of(happened_at) AS month, sum(happy) AS happy, sum(accounts) AS accounts FROM facts.affinities GROUP BY month
) AS a ON a.month < closes GROUP BY m.month;

-- metric: nps
SELECT month_of(happened_at) AS month, 100 * sum(is_promoter - is_detractor) / count(*)
FROM facts.answers WHERE is_promoter + is_passive + is_detractor = 1 AND within(happened_at) GROUP BY month;

-- metric: survey_response_rate
SELECT month_of(sent_at) AS month, sum(is_answered) FILTER (answered_at < until()) / count(*) FROM facts.answers WHERE within(sent_at) GROUP BY month;
