-- Images by status, also those of which there are none.
SELECT s.column1 AS status, (SELECT count(*) FROM image i WHERE i.status = s.column1)
FROM (VALUES ('accepted'), ('rejected'), ('listed')) s;
