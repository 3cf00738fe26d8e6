-- Where the pixels lie that a recipe made of an image.
INSERT INTO sample (recipe_id, image_id, pack_id, slot, sha256) VALUES (:recipe_id, :image_id, :pack_id, :slot, :sha256);
