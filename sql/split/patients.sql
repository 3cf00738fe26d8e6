-- Patients with their images and current grades; rejected images do not count.
WITH graded AS MATERIALIZED (SELECT patient, grade FROM images WHERE status <> 'rejected')
SELECT patient, count(*), max(grade),
  count(*) FILTER (WHERE grade = 0), count(*) FILTER (WHERE grade = 1), count(*) FILTER (WHERE grade = 2),
  count(*) FILTER (WHERE grade = 3), count(*) FILTER (WHERE grade = 4)
FROM graded GROUP BY patient;
