-- answers: every survey that was sent to a person, answered or not, and what its answer says.
--
-- Key     response_id
-- Reads   responses, account_roots, person_roots
-- Policy  none
-- Columns happened_at: when it was answered, or else sent; sent_at: when it was sent, or else answered; answered_at: null where
--         it was not; survey_id, touchpoint: '(none)' where none is named; score: as given; scale_min, scale_max: of its scale,
--         where none is given that of the survey (nps 0-10, csat 1-5, ces 1-7), else null; rating: the score turned round
--         where a low one is good; is_answered: 1 or 0, as are is_promoter, is_passive, is_detractor (an nps of a scale 0-10 or
--         1-10, by rating: 9 and up, between, 6 and down), is_satisfied (in the upper quarter of its scale), is_easy (in the upper third)
-- Law     what has no score is none of promoter, passive, detractor, satisfied and easy; of an nps it is at most one of the three
WITH asked AS (
  SELECT COALESCE(r.root_id, e.account_id, u.account_id, '') AS account_id, COALESCE(u.root_id, e.person_id) AS person_id,
    e.response_id AS response_id, e.survey AS survey, COALESCE(e.survey_id, '(none)') AS survey_id, COALESCE(e.touchpoint, '(none)') AS touchpoint,
    e.ticket_id AS ticket_id, COALESCE(e.answered_at, e.sent_at) AS happened_at, COALESCE(e.sent_at, e.answered_at) AS sent_at,
    e.answered_at AS answered_at, e.score AS score, COALESCE(e.higher_is_better, TRUE) AS is_rising,
    CAST(COALESCE(e.scale_min, CASE WHEN e.survey = 'nps' THEN 0 WHEN e.survey = 'csat' OR e.survey = 'ces' THEN 1 END) AS DECIMAL(18, 6)) AS scale_min,
    CAST(COALESCE(e.scale_max, CASE WHEN e.survey = 'nps' THEN 10 WHEN e.survey = 'csat' THEN 5 WHEN e.survey = 'ces' THEN 7 END)
      AS DECIMAL(18, 6)) AS scale_max
  FROM responses AS e
  LEFT JOIN account_roots AS r ON r.account_id = e.account_id
  LEFT JOIN person_roots AS u ON u.person_id = e.person_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(u.is_left_out, FALSE) = FALSE
), rated AS (
  SELECT *, CAST(CASE WHEN is_rising THEN score ELSE scale_min + scale_max - score END AS DECIMAL(18, 6)) AS rating,
    CASE WHEN survey = 'nps' AND score IS NOT NULL AND scale_max = 10 AND (scale_min = 0 OR scale_min = 1) THEN 1 ELSE 0 END AS is_nps
  FROM asked
)
SELECT account_id, person_id, response_id, survey, survey_id, touchpoint, ticket_id, happened_at, sent_at, answered_at, score, scale_min, scale_max, rating,
  CAST(CASE WHEN answered_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS is_answered,
  CAST(CASE WHEN is_nps = 1 AND rating >= 9 THEN 1 ELSE 0 END AS BIGINT) AS is_promoter,
  CAST(CASE WHEN is_nps = 1 AND rating > 6 AND rating < 9 THEN 1 ELSE 0 END AS BIGINT) AS is_passive,
  CAST(CASE WHEN is_nps = 1 AND rating <= 6 THEN 1 ELSE 0 END AS BIGINT) AS is_detractor,
  CAST(CASE WHEN 4 * (rating - scale_min) >= 3 * (scale_max - scale_min) THEN 1 ELSE 0 END AS BIGINT) AS is_satisfied,
  CAST(CASE WHEN 3 * (rating - scale_min) >= 2 * (scale_max - scale_min) THEN 1 ELSE 0 END AS BIGINT) AS is_easy
FROM rated
