CREATE VIEW promotions AS
-- Which run had which alias when, and why: of an alias the newest promotion counts.
--   alias           by which the run is meant, as @ALIAS, wherever a run is named
--   run             name of the run
--   current         1: the alias means this run; 0: it did before
--   replaced        name of the run that had the alias before; NULL: none, or it was deleted
--   metric          by which the two were compared on the photographs that both were measured on; NULL: they were not
--   difference      of the metric, the run's less the replaced one's
--   low             lower end of its 95% interval, paired and clustered by patient; NULL: none
--   high            upper end
--   margin          by how much the run was not to be worse
--   n               count of photographs
--   patients        count of their patients
--   reason          why it was promoted
--   promoted_at     when, UTC
--   promotion_id    number of the row in the table promotion
--   run_id          number of the row in the table run
SELECT p.alias, r.name AS run,
  p.promotion_id = (SELECT max(n.promotion_id) FROM promotion n WHERE n.alias = p.alias) AS current,
  b.name AS replaced, p.metric, p.difference, p.low, p.high, p.margin, p.n, p.patients, p.reason, p.promoted_at, p.promotion_id, p.run_id
FROM promotion p
JOIN run r ON r.run_id = p.run_id
LEFT JOIN run b ON b.run_id = p.replaced_run_id
WHERE NOT EXISTS (SELECT 1 FROM run_removed d WHERE d.run_id = r.run_id);
