-- Sources that were inside of another one, in their newest versions.
SELECT s.source_id
FROM source s
WHERE substr(s.uri, 1, length(:uri) + 2) = :uri || '!/'
  AND s.version = (SELECT max(version) FROM source WHERE uri = s.uri)
ORDER BY s.source_id;
