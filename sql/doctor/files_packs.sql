-- Every pack of samples: its path and the slots that samples lie in.
SELECT p.path, max(s.slot) + 1 FROM pack p JOIN sample s ON s.pack_id = p.pack_id GROUP BY p.pack_id;
