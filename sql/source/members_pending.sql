-- Photographs that were not ingested yet.
SELECT m.member_id, m.source_id, m.path, m.photograph, m.bytes, m.crc32, m.sha256
FROM member m
WHERE m.photograph = 1 AND NOT EXISTS (SELECT 1 FROM image i WHERE i.member_id = m.member_id);
