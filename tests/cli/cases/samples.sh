# Variants, splits and subsets; rows need no pixels.
labelled_project 40
show 'eyenet augment seed'
show 'eyenet augment seed --json'
unchanged 'eyenet augment sede'
show 'eyenet sql "SELECT grade, mirror, rotation, count(*) AS n FROM variants GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"'
show 'eyenet split main'
unchanged 'eyenet split main'
unchanged 'eyenet split other --test 0.6 --val 0.5'
show 'eyenet sql "SELECT count(DISTINCT part) AS parts, count(*) AS patients FROM (SELECT DISTINCT patient, part FROM images)"'
show "eyenet subset small \"SELECT variant_id FROM variants WHERE part = 'train'\""
unchanged "eyenet subset small \"SELECT variant_id FROM variants WHERE part = 'test'\""
unchanged "eyenet subset none \"SELECT variant_id FROM variants WHERE part = 'nowhere'\""
unchanged 'eyenet subset other "SELECT image FROM images"'
unchanged 'eyenet subset other "DELETE FROM variant"'
unchanged 'eyenet subset other "SELECT variant_id FRM variants"'
show 'eyenet sql "SELECT subset, part, variants, images, patients FROM subsets"'
