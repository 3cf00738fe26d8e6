-- Patients of a split by part.
SELECT count(*) FILTER (WHERE part = 'train') AS train, count(*) FILTER (WHERE part = 'val') AS val FROM assignment WHERE split_id = :split_id;
