-- What there is of an image's file.
SELECT member_id, status, reason, detail, format, width, height, sha256 FROM image WHERE image_id = :image_id;
