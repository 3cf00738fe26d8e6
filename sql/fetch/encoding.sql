-- The encoding that was given for names of a source, in its newest version.
SELECT e.encoding
FROM source_encoding e
WHERE e.source_id = (SELECT source_id FROM source WHERE uri = :uri ORDER BY version DESC LIMIT 1);
