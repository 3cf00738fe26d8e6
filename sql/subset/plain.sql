-- What a plain subset is chosen by; it is kept with the subset, as people's own queries are.
SELECT variant_id FROM variants WHERE part = :part AND mirror = 0 AND rotation = 0;
