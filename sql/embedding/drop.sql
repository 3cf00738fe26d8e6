-- An embedding goes: that of other pixels, or one that another program made meanwhile.
DELETE FROM embedding WHERE embedding_set_id = :embedding_set_id AND image_id = :image_id;
