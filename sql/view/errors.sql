CREATE VIEW errors AS
-- The predictions that are wrong; ORDER BY p puts the most confident mistakes first.
-- Other columns: as in predictions.
SELECT * FROM predictions WHERE predicted <> truth;
