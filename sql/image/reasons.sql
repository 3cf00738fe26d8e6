-- Why images were rejected, most frequent first.
SELECT reason AS name, count(*) AS count FROM image WHERE status = 'rejected' GROUP BY reason ORDER BY count(*) DESC, reason;
