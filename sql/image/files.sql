-- The photographs that the project keeps, with what is known of them, by their path; the part is that of the split.
SELECT f.path, f.bytes, coalesce(f.sha256, i.sha256) AS sha256, f.source, f.terms, f.fetched_at, v.image, v.dataset, v.patient, v.eye,
  v.status, v.reason, v.format, v.width, v.height, a.part, v.grade, v.gradable, v.eyeq
FROM manifest f
JOIN member m ON m.path = f.path
LEFT JOIN image i ON i.member_id = m.member_id
LEFT JOIN images v ON v.image_id = i.image_id
LEFT JOIN assignment a ON a.split_id = :split_id AND a.patient = i.patient
WHERE f.file = 'photograph' ORDER BY f.path;
