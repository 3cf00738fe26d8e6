-- Every file that the catalog names: its path in the project, its length and hash or NULL, and whether it is written by a run
-- that is training.
SELECT m.path AS path, m.bytes AS bytes, coalesce(i.sha256, m.sha256) AS sha256, 0 AS moving
FROM member m LEFT JOIN image i ON i.member_id = m.member_id WHERE m.photograph
UNION ALL SELECT path, NULL, NULL, 0 FROM pack
UNION ALL SELECT path, NULL, sha256, 0 FROM pretrained
UNION ALL SELECT k.path, NULL, k.file_sha256, r.state = 'running' FROM checkpoint k JOIN run r ON r.run_id = k.run_id
ORDER BY 1;
