-- The photograph with these bytes.
SELECT image_id, patient FROM image WHERE sha256 = :sha256 AND status = 'accepted';
