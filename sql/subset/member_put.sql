-- A variant joins a subset.
INSERT INTO subset_member (subset_id, variant_id) VALUES (:subset_id, :variant_id);
