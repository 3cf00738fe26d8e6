-- How each grade fared in an evaluation: predictions with a known truth, the right ones, the mean score.
SELECT grade, count(*) AS n, sum(predicted = truth) AS correct, avg(score) AS mean_score
FROM (SELECT p.predicted, p.truth, p.score,
        (SELECT l.grade FROM label l WHERE l.image_id = v.image_id AND l.scheme = 'icdr' ORDER BY l.import_id DESC LIMIT 1) AS grade
      FROM prediction p
      JOIN variant v ON v.variant_id = p.variant_id
      WHERE p.evaluation_id = :evaluation_id AND p.truth IS NOT NULL)
GROUP BY grade
ORDER BY grade IS NULL, grade;
