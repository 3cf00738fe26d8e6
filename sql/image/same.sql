-- The accepted image with these very bytes.
SELECT name FROM image WHERE sha256 = :sha256 AND status = 'accepted';
