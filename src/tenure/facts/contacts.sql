-- contacts: every touch with a customer: mails, calls, meetings, trainings, webinars.
--
-- Key     touch_id
-- Reads   touches, account_roots, person_roots
-- Policy  none
-- Columns kind, direction: '(none)' where none is given; affinity: happy, sad or null
-- Law     a row for each touch of everybody who counts
SELECT COALESCE(r.root_id, e.account_id, u.account_id, '') AS account_id, COALESCE(u.root_id, e.person_id) AS person_id,
  e.touch_id AS touch_id, e.happened_at AS happened_at, COALESCE(e.kind, '(none)') AS kind, COALESCE(e.direction, '(none)') AS direction,
  e.affinity AS affinity
FROM touches AS e
LEFT JOIN account_roots AS r ON r.account_id = e.account_id
LEFT JOIN person_roots AS u ON u.person_id = e.person_id
WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(u.is_left_out, FALSE) = FALSE
