-- comments: everything that customers said in their own words, in a survey or elsewhere.
--
-- Key     survey, comment_id
-- Reads   feedback, responses, account_roots, person_roots
-- Policy  none
-- Columns comment_id: the feedback, or the response; survey, survey_id, touchpoint: of the response, '(none)' for a feedback;
--         origin: survey, or where the feedback came from, '(none)' where that is not said; comment: the words, null where they
--         were not written down
-- Law     as many rows as there are feedbacks and commented responses of everybody who counts
SELECT COALESCE(r.root_id, e.account_id, u.account_id, '') AS account_id, COALESCE(u.root_id, e.person_id) AS person_id,
  e.feedback_id AS comment_id, e.happened_at AS happened_at, COALESCE(e.origin, '(none)') AS origin, '(none)' AS survey, '(none)' AS survey_id,
  '(none)' AS touchpoint, e.text AS comment
FROM feedback AS e
LEFT JOIN account_roots AS r ON r.account_id = e.account_id
LEFT JOIN person_roots AS u ON u.person_id = e.person_id
WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(u.is_left_out, FALSE) = FALSE
UNION ALL
SELECT COALESCE(r.root_id, e.account_id, u.account_id, '') AS account_id, COALESCE(u.root_id, e.person_id) AS person_id,
  e.response_id AS comment_id, COALESCE(e.answered_at, e.sent_at) AS happened_at, 'survey' AS origin, e.survey AS survey,
  COALESCE(e.survey_id, '(none)') AS survey_id, COALESCE(e.touchpoint, '(none)') AS touchpoint, e.comment AS comment
FROM responses AS e
LEFT JOIN account_roots AS r ON r.account_id = e.account_id
LEFT JOIN person_roots AS u ON u.person_id = e.person_id
WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(u.is_left_out, FALSE) = FALSE AND e.comment <> ''
