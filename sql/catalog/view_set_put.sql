-- A set of views that was made just now.
INSERT INTO schema_view_set (names, sha256) VALUES (:names, :sha256);
