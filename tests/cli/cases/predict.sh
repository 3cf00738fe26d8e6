# Photographs from outside the catalog, good and bad.
eyes_project
echo 'this is no photograph' >words.jpeg
head -c 3000 ../eyes/train/1_left.jpeg >cut.jpeg
: >empty.png
show 'eyenet predict first ../eyes/train/1_left.jpeg --json | sed -E "s/0\.[0-9]+/#/g; s/\"(left|right)\"/\"EYE\"/"'
unchanged 'eyenet predict first words.jpeg'
unchanged 'eyenet predict first words.jpeg ../eyes/train/2_right.jpeg cut.jpeg empty.png missing.jpeg --csv | cut -d, -f1,5-'
unchanged 'eyenet predict nosuch ../eyes/train/1_left.jpeg'
unchanged 'eyenet predict first'
