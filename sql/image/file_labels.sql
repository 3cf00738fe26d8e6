-- The current labels of the photographs that the project keeps on scales that are not built in, by path and scheme.
SELECT m.path, l.scheme, l.grade, v.name AS meaning
FROM scheme s
JOIN label l ON l.scheme = s.name
JOIN image i ON i.image_id = l.image_id
JOIN member m ON m.member_id = i.member_id
LEFT JOIN scheme_value v ON v.scheme = l.scheme AND v.value = l.grade
WHERE s.built_in = 0 AND m.photograph = 1
  AND l.import_id = (SELECT max(n.import_id) FROM label n WHERE n.image_id = l.image_id AND n.scheme = l.scheme)
ORDER BY m.path, l.scheme;
