-- The sources with damaged photographs.
SELECT s.uri FROM source s WHERE EXISTS (SELECT 1 FROM damage d WHERE d.source_id = s.source_id) ORDER BY s.source_id;
