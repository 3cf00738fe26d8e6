# Two collections with the same names, links to photographs, and whose they are.
eyenet phantom one -n 3 --seed 3 --max-width 96 >/dev/null
eyenet phantom two -n 3 --seed 8 --max-width 96 >/dev/null
mkdir links
ln -s ../two/train/1_left.jpeg links/IMG_0007.jpeg
ln -s ../one/train/1_left.jpeg links/IMG_0009.jpeg
eyenet init p >/dev/null
cd p || exit 1
show 'eyenet fetch ../one/train --dataset eyepacs | head -n 3'
show 'eyenet fetch ../two/train | head -n 3'
show 'eyenet fetch ../links --no-follow'
show 'eyenet ingest --recipe "crop=retina size=32" | tail -n 1'
show 'eyenet sql "SELECT dataset, count(*) AS n, min(image) AS image, min(patient) AS patient FROM images GROUP BY dataset"'
show 'eyenet split main --test 0.4 --val 0 --stratify none'
unchanged 'eyenet label import ../two/trainLabels.csv'
show 'eyenet label import ../two/trainLabels.csv --dataset train | head -n 3'
show 'eyenet label import ../one/trainLabels.csv --dataset eyepacs | head -n 3'
unchanged 'eyenet label import ../one/trainLabels.csv --dataset train'
unchanged 'eyenet label import ../one/trainLabels.csv --dataset nowhere'
eyenet init ../q >/dev/null
cd ../q || exit 1
show 'eyenet fetch ../links | head -n 4'
show 'eyenet ingest --recipe "crop=retina size=32" | tail -n 1'
unchanged 'eyenet split main'
show 'eyenet patients --names "{patient}"'
printf 'file;who;side\nIMG_0007;P1;OD\nIMG_0009.jpeg;P1;L\n' >p.csv
show 'eyenet patients --table p.csv --patient-column who --eye-column side --json'
show 'eyenet sql "SELECT image, patient, eye, patient_from FROM images ORDER BY image"'
unchanged 'eyenet patients --names "{eye}"'
show 'eyenet split main --test 0.5 --val 0 --stratify none | head -n 3'
