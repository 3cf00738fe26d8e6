-- The file of an accepted image.
SELECT m.path, i.format, i.sha256 FROM image i JOIN member m ON m.member_id = i.member_id
WHERE i.image_id = :image_id AND i.status = 'accepted';
