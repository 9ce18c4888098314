-- trials: every subscription that was tried, when that ended, and whether it is paid since.
--
-- Key     account_id, subscription_id
-- Reads   item_changes, subscriptions, account_roots
-- Policy  $settle_minutes
-- Columns happened_at: the trial ended, or the subscription was paid before that; started_at: empty where it is not known; converted_at:
--         the first instant from then on at which the subscription is paid, or at which its account pays that did not when the trial began;
--         is_converted: there is one; plan: of the dearest item that was tried; known_at: when it was converted, else when it ended
-- Law     a trial without an end is no row; started_at <= happened_at <= converted_at, where they are known
WITH moments AS (
  SELECT account_id, subscription_id, happened_at, SUM(CASE WHEN class = 'trial' THEN items ELSE 0 END) AS tries,
    SUM(CASE WHEN class = 'paying' THEN items ELSE 0 END) AS pays
  FROM item_changes
  WHERE class = 'trial' OR class = 'paying'
  GROUP BY account_id, subscription_id, happened_at
), levels AS (
  SELECT account_id, subscription_id, happened_at, tries,
    SUM(tries) OVER (PARTITION BY account_id, subscription_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS tried,
    SUM(pays) OVER (PARTITION BY account_id, subscription_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS paid
  FROM moments
), numbered AS (  -- a run of trial begins where none was; what touches it goes on in it
  SELECT account_id, subscription_id, happened_at, tried, paid,
    SUM(CASE WHEN tried > 0 AND tried = tries THEN 1 ELSE 0 END)
      OVER (PARTITION BY account_id, subscription_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
  FROM levels
), firsts AS (
  SELECT account_id, subscription_id, MIN(happened_at) AS paid_at FROM levels WHERE paid > 0 GROUP BY account_id, subscription_id
), runs AS (
  SELECT account_id, subscription_id, run, MIN(happened_at) AS began_at, MIN(CASE WHEN tried = 0 THEN happened_at END) AS stopped_at
  FROM numbered
  WHERE run > 0
  GROUP BY account_id, subscription_id, run
), tried AS (  -- what is tried beside what is paid already is no trial of the subscription, and its payment ends one
  SELECT r.account_id AS account_id, r.subscription_id AS subscription_id, r.began_at AS began_at,
    CASE WHEN r.stopped_at IS NULL OR f.paid_at < r.stopped_at THEN f.paid_at ELSE r.stopped_at END AS stopped_at
  FROM runs AS r
  LEFT JOIN firsts AS f ON f.account_id = r.account_id AND f.subscription_id = r.subscription_id
  WHERE f.paid_at IS NULL OR r.began_at < f.paid_at
), seen AS (  -- an open run is a trial that still runs
  SELECT account_id, subscription_id, MIN(began_at) AS began_at, CASE WHEN COUNT(stopped_at) = COUNT(*) THEN MAX(stopped_at) END AS stopped_at
  FROM tried
  GROUP BY account_id, subscription_id
), told AS (  -- what only the subscription tells
  SELECT COALESCE(r.root_id, s.account_id) AS account_id, s.subscription_id AS subscription_id,
    COALESCE(s.trial_started_at, CASE WHEN s.created_at < s.trial_ends_at THEN s.created_at END) AS began_at,
    CASE WHEN s.trial_ends_at IS NULL OR s.ends_at < s.trial_ends_at THEN s.ends_at ELSE s.trial_ends_at END AS stopped_at
  FROM subscriptions AS s
  LEFT JOIN account_roots AS r ON r.account_id = s.account_id
  WHERE COALESCE(r.is_left_out, FALSE) = FALSE AND (s.trial_started_at IS NOT NULL OR s.trial_ends_at IS NOT NULL)
), heard AS (
  SELECT t.account_id AS account_id, t.subscription_id AS subscription_id, t.began_at AS began_at,
    CASE WHEN f.paid_at > t.began_at AND (t.stopped_at IS NULL OR f.paid_at < t.stopped_at) THEN f.paid_at ELSE t.stopped_at END AS stopped_at
  FROM told AS t
  LEFT JOIN seen AS k ON k.account_id = t.account_id AND k.subscription_id = t.subscription_id
  LEFT JOIN firsts AS f ON f.account_id = t.account_id AND f.subscription_id = t.subscription_id
  WHERE k.subscription_id IS NULL
), ended AS (
  SELECT account_id, subscription_id, began_at, stopped_at, stopped_at + INTERVAL ($settle_minutes) MINUTE AS settled_at FROM seen WHERE stopped_at IS NOT NULL
  UNION ALL
  SELECT account_id, subscription_id, CASE WHEN began_at <= stopped_at THEN began_at END AS began_at, stopped_at,
    stopped_at + INTERVAL ($settle_minutes) MINUTE AS settled_at
  FROM heard WHERE stopped_at IS NOT NULL
), marks AS (  -- the instants at which an account's, or a subscription's, payments must be known
  SELECT account_id, subscription_id, stopped_at AS happened_at, 0 AS pays FROM ended
  UNION ALL
  SELECT account_id, subscription_id, happened_at, pays FROM moments WHERE pays <> 0
), own_moments AS (
  SELECT account_id, subscription_id, happened_at, SUM(pays) AS pays FROM marks GROUP BY account_id, subscription_id, happened_at
), own_levels AS (
  SELECT account_id, subscription_id, happened_at,
    SUM(pays) OVER (PARTITION BY account_id, subscription_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS paid
  FROM own_moments
), own_payments AS (
  SELECT e.account_id AS account_id, e.subscription_id AS subscription_id, MIN(l.happened_at) AS paid_at
  FROM ended AS e
  JOIN own_levels AS l ON l.account_id = e.account_id AND l.subscription_id = e.subscription_id
  WHERE l.paid > 0 AND l.happened_at >= e.stopped_at
  GROUP BY e.account_id, e.subscription_id
), account_marks AS (
  SELECT account_id, happened_at, pays FROM marks
  UNION ALL
  SELECT account_id, settled_at AS happened_at, 0 AS pays FROM ended
  UNION ALL
  SELECT account_id, began_at AS happened_at, 0 AS pays FROM ended WHERE began_at IS NOT NULL
), account_moments AS (
  SELECT account_id, happened_at, SUM(pays) AS pays FROM account_marks GROUP BY account_id, happened_at
), account_levels AS (
  SELECT account_id, happened_at, SUM(pays) OVER (PARTITION BY account_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS paid
  FROM account_moments
), dearest AS (
  SELECT account_id, subscription_id, plan,
    ROW_NUMBER() OVER (PARTITION BY account_id, subscription_id ORDER BY net4 DESC, item_id, plan, happened_at) AS place
  FROM item_changes
  WHERE class = 'trial' AND items > 0
), judged AS (
  SELECT e.account_id AS account_id, e.subscription_id AS subscription_id, e.began_at AS began_at, e.stopped_at AS stopped_at, COALESCE(d.plan, '(none)') AS plan,
    CASE WHEN o.paid_at = e.stopped_at THEN e.stopped_at WHEN COALESCE(b.paid, 0) > 0 THEN o.paid_at WHEN a.paid > 0 THEN e.stopped_at
      WHEN z.paid > 0 AND (o.paid_at IS NULL OR o.paid_at > e.settled_at) THEN e.settled_at ELSE o.paid_at END AS paid_at
  FROM ended AS e
  LEFT JOIN own_payments AS o ON o.account_id = e.account_id AND o.subscription_id = e.subscription_id
  LEFT JOIN account_levels AS b ON b.account_id = e.account_id AND b.happened_at = e.began_at
  LEFT JOIN account_levels AS a ON a.account_id = e.account_id AND a.happened_at = e.stopped_at
  LEFT JOIN account_levels AS z ON z.account_id = e.account_id AND z.happened_at = e.settled_at
  LEFT JOIN dearest AS d ON d.account_id = e.account_id AND d.subscription_id = e.subscription_id AND d.place = 1
)
SELECT account_id, subscription_id, plan, stopped_at AS happened_at, began_at AS started_at, paid_at AS converted_at,
  CASE WHEN paid_at IS NOT NULL THEN TRUE ELSE FALSE END AS is_converted,
  COALESCE(paid_at, stopped_at) AS known_at
FROM judged
