-- A label file is being read.
INSERT INTO label_import (file, sha256, scheme, grader) VALUES (:file, :sha256, :scheme, :grader) RETURNING import_id;
