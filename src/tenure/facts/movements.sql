-- movements: which item changes of one unit (a customer or a subscription) are one movement, and of what kind.
--
-- Key     account_id, unit_id, changed_at
-- Reads   item_changes
-- Policy  $movement_level, $paused, $settle_minutes, $gap_days
-- Columns changed_at: the instant of an item change; happened_at: that of its movement (the last change's);
--         paid_before, paid_after: whether the unit pays; kept_before, kept_after: whether it is a customer, who pays, or
--         is paused having paid just before; kind: new, reactivation, churn, change (up or down: `revenue` tells), transfer
-- Law     kept_after of a movement is kept_before of the unit's next one
WITH changes AS (
  SELECT account_id, CASE WHEN $movement_level = 'subscription' THEN subscription_id ELSE account_id END AS unit_id, currency, happened_at,
    SUM(CASE WHEN class = 'paying' THEN net4 ELSE 0 END) AS change4,
    SUM(CASE WHEN class = 'paying' AND net4 <> 0 THEN 1 ELSE 0 END) AS touches,
    SUM(CASE WHEN class = 'paused' AND $paused = 'zero' THEN items ELSE 0 END) AS pauses
  FROM item_changes
  WHERE class = 'paying' OR class = 'paused'
  GROUP BY account_id, CASE WHEN $movement_level = 'subscription' THEN subscription_id ELSE account_id END, currency, happened_at
), levels AS (
  SELECT account_id, unit_id, happened_at, change4, touches, pauses,
    SUM(change4) OVER (PARTITION BY account_id, unit_id, currency ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS level4
  FROM changes
), moments AS (  -- opened: change of the number of currencies in which the unit pays
  SELECT account_id, unit_id, happened_at, SUM(touches) AS touches, SUM(pauses) AS pauses,
    SUM(CASE WHEN level4 > 0 THEN 1 ELSE 0 END - CASE WHEN level4 - change4 > 0 THEN 1 ELSE 0 END) AS opened
  FROM levels
  GROUP BY account_id, unit_id, happened_at
), standing AS (
  SELECT account_id, unit_id, happened_at, touches,
    SUM(opened) OVER (PARTITION BY account_id, unit_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS pays,
    SUM(pauses) OVER (PARTITION BY account_id, unit_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS paused,
    ROW_NUMBER() OVER (PARTITION BY account_id, unit_id ORDER BY happened_at) AS n,
    COUNT(*) OVER (PARTITION BY account_id, unit_id) AS n_all,
    LEAD(happened_at) OVER (PARTITION BY account_id, unit_id ORDER BY happened_at) AS next_at
  FROM moments
), left_alone AS (  -- a unit leaves where it neither pays nor is paused, for longer than settles or is bridged
  SELECT account_id, unit_id, happened_at, touches, pays, paused,
    CASE WHEN pays > 0 OR paused > 0 THEN 0
      WHEN n < n_all AND (next_at <= happened_at + INTERVAL ($settle_minutes) MINUTE OR next_at < happened_at + INTERVAL ($gap_days) DAY) THEN 0
      ELSE 1 END AS leaves
  FROM standing
), stays AS (
  SELECT *, SUM(leaves) OVER (PARTITION BY account_id, unit_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS stay
  FROM left_alone
), kept AS (
  SELECT account_id, unit_id, happened_at, touches, CASE WHEN pays > 0 THEN 1 ELSE 0 END AS is_paying,
    CASE WHEN pays = 0 AND paused = 0 THEN 0 ELSE MAX(CASE WHEN pays > 0 THEN 1 ELSE 0 END)
      OVER (PARTITION BY account_id, unit_id, stay ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) END AS is_kept
  FROM stays
), followed AS (
  SELECT *,
    ROW_NUMBER() OVER (PARTITION BY account_id, unit_id ORDER BY happened_at) AS n,
    LAG(is_kept) OVER (PARTITION BY account_id, unit_id ORDER BY happened_at) AS last_kept,
    LAG(is_paying) OVER (PARTITION BY account_id, unit_id ORDER BY happened_at) AS last_paying
  FROM kept
), compared AS (
  SELECT account_id, unit_id, happened_at, touches, is_kept, is_paying,
    CASE WHEN n > 1 THEN last_kept ELSE 0 END AS was_kept, CASE WHEN n > 1 THEN last_paying ELSE 0 END AS was_paying
  FROM followed
), seen AS (  -- what changes neither a price nor a standing is no moment
  SELECT *,
    ROW_NUMBER() OVER (PARTITION BY account_id, unit_id ORDER BY happened_at) AS n,
    LAG(happened_at) OVER (PARTITION BY account_id, unit_id ORDER BY happened_at) AS last_at
  FROM compared
  WHERE touches > 0 OR is_kept <> was_kept
), numbered AS (  -- a moment joins the one before if it settles with it, or bridges the gap since
  SELECT *,
    SUM(CASE WHEN n > 1 AND happened_at <= last_at + INTERVAL ($settle_minutes) MINUTE THEN 0
             WHEN n > 1 AND was_kept = 0 AND is_kept = 1 AND happened_at < last_at + INTERVAL ($gap_days) DAY THEN 0
             ELSE 1 END)
      OVER (PARTITION BY account_id, unit_id ORDER BY happened_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS movement
  FROM seen
), framed AS (
  SELECT *,
    MAX(happened_at) OVER (PARTITION BY account_id, unit_id, movement) AS moved_at,
    MIN(n) OVER (PARTITION BY account_id, unit_id, movement) AS first_n,
    MAX(n) OVER (PARTITION BY account_id, unit_id, movement) AS last_n
  FROM numbered
), ends AS (
  SELECT account_id, unit_id, movement,
    MAX(CASE WHEN n = first_n THEN was_paying ELSE 0 END) AS paid_before, MAX(CASE WHEN n = last_n THEN is_paying ELSE 0 END) AS paid_after,
    MAX(CASE WHEN n = first_n THEN was_kept ELSE 0 END) AS kept_before, MAX(CASE WHEN n = last_n THEN is_kept ELSE 0 END) AS kept_after
  FROM framed
  GROUP BY account_id, unit_id, movement
), history AS (
  SELECT *,
    SUM(kept_after) OVER (PARTITION BY account_id, unit_id ORDER BY movement ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - kept_after AS kept_ever
  FROM ends
)
SELECT f.account_id AS account_id, f.unit_id AS unit_id, CAST(f.movement AS BIGINT) AS movement, f.happened_at AS changed_at, f.moved_at AS happened_at,
  CAST(h.paid_before AS BIGINT) AS paid_before, CAST(h.paid_after AS BIGINT) AS paid_after,
  CAST(h.kept_before AS BIGINT) AS kept_before, CAST(h.kept_after AS BIGINT) AS kept_after,
  CASE WHEN h.kept_before = 0 AND h.kept_after = 0 THEN 'transfer'
    WHEN h.kept_before = 0 AND h.kept_ever = 0 THEN 'new' WHEN h.kept_before = 0 THEN 'reactivation'
    WHEN h.kept_after = 0 THEN 'churn' ELSE 'change' END AS kind
FROM framed AS f
JOIN history AS h ON h.account_id = f.account_id AND h.unit_id = f.unit_id AND h.movement = f.movement
