-- Why images were rejected, most frequent first.
SELECT reason, count(*) FROM image WHERE status = 'rejected' GROUP BY reason ORDER BY count(*) DESC, reason;
