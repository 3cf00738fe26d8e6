-- A file by its path in the project.
SELECT member_id, source_id, path, photograph, bytes, crc32, sha256 FROM member WHERE path = :path;
