-- Whether an image has no pixels here.
SELECT status = 'listed' FROM image WHERE image_id = :image_id;
