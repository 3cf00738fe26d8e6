-- How a source came, this time. Terms that are known stay.
INSERT INTO fetch (source_id, terms, program) VALUES (:source_id, :terms, :program)
ON CONFLICT (source_id) DO UPDATE SET terms = ifnull(excluded.terms, terms), program = excluded.program,
  fetched_at = excluded.fetched_at;
