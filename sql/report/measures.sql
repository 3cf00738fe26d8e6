-- How many photographs have a measure of quality in each twentieth of 0..1 (bin 0..19; 1 is in the last), by status.
SELECT measure, min(CAST(value * 20 AS INTEGER), 19) AS bin,
  sum(status = 'accepted') AS accepted, sum(status = 'rejected') AS rejected
FROM (SELECT 'brightness' AS measure, q.brightness AS value, i.status FROM quality q JOIN image i ON i.image_id = q.image_id
      UNION ALL
      SELECT 'contrast', q.contrast, i.status FROM quality q JOIN image i ON i.image_id = q.image_id
      UNION ALL
      SELECT 'sharpness', q.sharpness, i.status FROM quality q JOIN image i ON i.image_id = q.image_id
      UNION ALL
      SELECT 'score', q.score, i.status FROM quality q JOIN image i ON i.image_id = q.image_id)
WHERE value BETWEEN 0 AND 1
GROUP BY measure, bin
ORDER BY measure, bin;
