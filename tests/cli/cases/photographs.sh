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
unchanged 'eyenet fetch ../nowhere'
unchanged 'eyenet fetch ../eyes/trainLabels.csv'
