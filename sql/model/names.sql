-- What imported weights there are, the newest first.
SELECT name FROM pretrained ORDER BY pretrained_id DESC LIMIT 100;
