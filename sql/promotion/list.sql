-- All promotions, the newest first.
SELECT alias, run, current, replaced, metric, difference, low, high, margin, n, patients, reason, promoted_at FROM promotions
ORDER BY promotion_id DESC;
