-- The samples of a pack, as they lie in it.
SELECT s.slot, s.sha256, i.name FROM sample s JOIN image i ON i.image_id = s.image_id
WHERE s.pack_id = :pack_id ORDER BY s.slot;
