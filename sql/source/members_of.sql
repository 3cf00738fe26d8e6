-- The photographs of a source.
SELECT member_id, source_id, path, photograph, bytes, crc32, sha256 FROM member WHERE source_id = :source_id AND photograph = 1;
