-- How many photographs of a source are damaged.
SELECT count(*) FROM damage WHERE source_id = :source_id;
