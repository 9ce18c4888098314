-- referred: every referral, review, testimonial, case study and reference of an account.
--
-- Key     referral_id
-- Reads   referrals, account_roots, person_roots
-- Policy  none
-- Columns kind: referral, review, testimonial, case_study or reference; referred_account_id: who came by it, as the row names it;
--         converted_at: when that account bought, null where it has not
-- Law     a row for each referral of everybody who counts
SELECT COALESCE(r.root_id, e.account_id, u.account_id, '') AS account_id, COALESCE(u.root_id, e.person_id) AS person_id,
  e.referral_id AS referral_id, e.happened_at AS happened_at, COALESCE(e.kind, 'referral') AS kind, e.referred_account_id AS referred_account_id,
  e.converted_at AS converted_at
FROM referrals AS e
LEFT JOIN account_roots AS r ON r.account_id = e.account_id
LEFT JOIN person_roots AS u ON u.person_id = e.person_id
WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND COALESCE(u.is_left_out, FALSE) = FALSE
