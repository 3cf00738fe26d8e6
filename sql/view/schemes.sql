CREATE VIEW schemes AS
-- The scales of labels: those that came with eyenet, and the user's.
--   scheme          name of the scale: what label import --scheme and the function label take
--   lowest          the lowest value, 0..99
--   highest         the highest value, up to 100
--   ordered         1: a higher value is more of the same; 0: the values are kinds
--   built_in        1: it came with eyenet and stays
--   meanings        names of the values: 0=none,1=mild; NULL: they have none
--   labels          current labels of images on this scale
--   graded_by       how many graders have given labels on it
--   description     what is graded; NULL: nobody said
--   added_at        when it was added, UTC
SELECT s.name AS scheme, s.lowest, s.highest, s.ordered, s.built_in,
  (SELECT group_concat(v.value || '=' || v.name, ',') FROM scheme_value v WHERE v.scheme = s.name) AS meanings,
  (SELECT count(DISTINCT l.image_id) FROM label l WHERE l.scheme = s.name) AS labels,
  (SELECT count(DISTINCT f.grader) FROM label_import f WHERE f.scheme = s.name) AS graded_by,
  s.description, s.added_at
FROM scheme s;
