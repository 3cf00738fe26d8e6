CREATE VIEW manifest AS
-- The files that came from a source: its volumes, and the photographs that the project keeps.
--   dataset         the dataset of the source; NULL: none was named
--   source          uri of the source
--   source_kind     folder, file, volumes, http, s3, kaggle
--   version         version of the source: 1, 2, ...
--   terms           a link to the terms of use; NULL: unknown
--   fetched_at      when it was fetched last, UTC
--   program         by which version of eyenet; NULL: by one that did not record it
--   file            volume, photograph
--   path            of a volume: its name; of a photograph: its path in the project
--   bytes           its size, bytes
--   sha256          of its bytes; NULL: not computed
--   source_id       number of the row in the table source
SELECT d.name AS dataset, s.uri AS source, s.kind AS source_kind, s.version, f.terms, ifnull(f.fetched_at, s.fetched_at) AS fetched_at,
  f.program, x.file, x.path, x.bytes, x.sha256, s.source_id
FROM source s
JOIN (
  SELECT source_id, 'volume' AS file, name AS path, bytes, sha256 FROM volume
  UNION ALL
  SELECT source_id, 'photograph', path, bytes, sha256 FROM member WHERE photograph = 1
) x ON x.source_id = s.source_id
LEFT JOIN dataset d ON d.dataset_id = s.dataset_id
LEFT JOIN fetch f ON f.source_id = s.source_id;
