-- A source by its uri.
SELECT source_id, uri, kind, etag, bytes, sha256, state FROM source WHERE uri = :uri;
