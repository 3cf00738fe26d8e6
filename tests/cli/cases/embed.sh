# Embeddings: computed once, nearest photographs by SQL, and what is refused.
eyes_project
show 'eyenet embed first | grep -v sha256'
show 'eyenet embed first | grep -E "computed|kept"'
show 'eyenet embed first --layer 1 --subset small -q | grep -v sha256'
unchanged 'eyenet embed first --json | grep -o "\"computed\": [0-9]*"'
unchanged 'eyenet embed frist'
unchanged 'eyenet embed first --layer 9'
unchanged 'eyenet embed first --subset big'
show "eyenet sql \"SELECT rank, image, round(distance, 2) AS distance FROM neighbours('7_left', 3, 'first')\""
show "eyenet sql \"SELECT * FROM neighbours('7_left')\""
show "eyenet sql \"SELECT embedding_distance(x'00', x'0000803f')\""
show 'eyenet sql "SELECT model, layer, dimensions, count(*) AS images, min(current) AS current FROM embeddings GROUP BY embedding_set_id"'
