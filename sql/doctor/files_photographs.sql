-- Every photograph that was fetched: its path in the project, the bytes it must have and the hash of those that were judged
-- or, before that, fetched.
SELECT m.path, m.bytes, coalesce(i.sha256, m.sha256) AS sha256
FROM member m LEFT JOIN image i ON i.member_id = m.member_id
WHERE m.photograph ORDER BY m.member_id;
