-- The steps after one, which a resumed run repeats.
DELETE FROM step WHERE run_id = :run_id AND step > :step;
