-- Patients with their images and current grades; rejected images do not count.
WITH graded AS MATERIALIZED (SELECT patient, grade FROM images WHERE status <> 'rejected')
SELECT patient, count(*) AS images, max(grade) AS worst_grade,
  count(*) FILTER (WHERE grade = 0) AS grade_0, count(*) FILTER (WHERE grade = 1) AS grade_1, count(*) FILTER (WHERE grade = 2) AS grade_2,
  count(*) FILTER (WHERE grade = 3) AS grade_3, count(*) FILTER (WHERE grade = 4) AS grade_4
FROM graded GROUP BY patient;
