-- Every pack of samples: its path, the slots that samples lie in, and its number.
SELECT p.path, max(s.slot) + 1 AS slots, p.pack_id FROM pack p JOIN sample s ON s.pack_id = p.pack_id GROUP BY p.pack_id;
