-- A version of a source, new or brought up to date.
INSERT INTO source (uri, version, kind, etag, bytes, sha256, state)
VALUES (:uri, :version, :kind, :etag, :bytes, :sha256, :state)
ON CONFLICT (uri, version) DO UPDATE SET kind = excluded.kind, etag = excluded.etag, bytes = excluded.bytes,
  sha256 = excluded.sha256, state = excluded.state, fetched_at = excluded.fetched_at
RETURNING source_id;
