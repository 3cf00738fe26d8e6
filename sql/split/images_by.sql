-- The images that are not rejected with the value of an expression, which stands for :expression, by this value.
SELECT patient, value, image_id FROM (SELECT patient, image_id, status, (
:expression
) AS value FROM images)
WHERE status <> 'rejected' ORDER BY value, image_id;
