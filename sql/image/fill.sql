-- A listed image gets its file and dataset, or a rejected one a better file.
UPDATE image SET member_id = :member_id, status = :status, reason = :reason, detail = :detail, format = :format,
  width = :width, height = :height, sha256 = :sha256, dataset_id = coalesce(dataset_id, :dataset_id)
WHERE image_id = :image_id AND status IN ('listed', 'rejected');
