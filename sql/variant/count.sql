-- All variants.
SELECT count(*) FROM variant;
