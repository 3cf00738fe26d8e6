-- The newest version of a source by its uri.
SELECT source_id, uri, version, kind, etag, bytes, sha256, state FROM source WHERE uri = :uri ORDER BY version DESC LIMIT 1;
