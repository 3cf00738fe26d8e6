-- Where photographs came from, in which version, and how many of each source were accepted.
SELECT s.uri AS name, s.kind, s.state, s.version, count(m.member_id) AS count,
  coalesce(sum(i.status IS 'accepted'), 0) AS accepted
FROM source s
LEFT JOIN member m ON m.source_id = s.source_id AND m.photograph = 1
LEFT JOIN image i ON i.member_id = m.member_id
GROUP BY s.source_id
ORDER BY s.source_id;
