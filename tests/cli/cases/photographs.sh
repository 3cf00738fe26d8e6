# From a folder of photographs to samples; every photograph is accounted for.
eyes_project
cd ..
show 'eyenet init again'
cd again || exit 1
show 'eyenet fetch ../eyes/train'
show 'eyenet fetch ../eyes/train'
show 'eyenet ingest --recipe "crop=retina size=32"'
show 'eyenet ingest --recipe "crop=retina size=32" --json'
unchanged 'eyenet ingest --recipe "crop=square size=32"'
unchanged 'eyenet ingest --recipe "crop=retina size=0"'
show 'eyenet ingest --recipe "crop=none size=16" --workers 1'
show 'eyenet sql "SELECT image, reason FROM rejects ORDER BY image"'
show 'eyenet sql "SELECT (SELECT count(*) FROM images) AS images, (SELECT count(*) FROM images WHERE status = '"'accepted'"') AS accepted, (SELECT count(*) FROM rejects) AS rejected"'
show 'eyenet sql "SELECT image, width, height, round(brightness, 3) AS brightness, round(contrast, 3) AS contrast, round(sharpness, 3) AS sharpness, round(black_fraction, 3) AS black, round(disc_radius, 3) AS radius, round(disc_coverage, 3) AS coverage, round(score, 3) AS score FROM images ORDER BY patient, eye LIMIT 6"'
unchanged 'eyenet fetch ../nowhere'
unchanged 'eyenet fetch ../eyes/trainLabels.csv'
