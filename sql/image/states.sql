-- Images by status, also those of which there are none.
SELECT s.column1 AS name, (SELECT count(*) FROM image i WHERE i.status = s.column1) AS count
FROM (VALUES ('accepted'), ('rejected'), ('listed')) s;
