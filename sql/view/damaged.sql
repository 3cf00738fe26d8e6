CREATE VIEW damaged AS
-- Photographs that are not in the project because their bytes in the source are not right: fetch --retry gets them anew.
--   dataset         the dataset of the source; NULL: none was named
--   source          uri of the source
--   path            of the photograph in the source
--   volume          file of the source in which its bytes begin; NULL: unknown
--   reason          what is wrong with it
--   found_at        when that was found last, UTC
--   source_id       number of the row in the table source
SELECT d.name AS dataset, s.uri AS source, x.path, x.volume, x.reason, x.found_at, s.source_id
FROM damage x
JOIN source s ON s.source_id = x.source_id
LEFT JOIN dataset d ON d.dataset_id = s.dataset_id;
