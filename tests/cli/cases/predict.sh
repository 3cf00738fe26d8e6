# Photographs from outside the catalog, good and bad.
eyes_project
echo 'this is no photograph' >words.jpeg
head -c 3000 ../eyes/train/1_left.jpeg >cut.jpeg
: >empty.png
show 'eyenet predict first ../eyes/train/1_left.jpeg --json | sed -E "s/(0\.[0-9]{4})[0-9]+/\1/g"'
unchanged 'eyenet predict first words.jpeg'
unchanged 'eyenet predict first words.jpeg ../eyes/train/2_right.jpeg cut.jpeg empty.png missing.jpeg --csv | cut -d, -f1,5-'
unchanged 'eyenet predict nosuch ../eyes/train/1_left.jpeg'
unchanged 'eyenet predict first'
eyenet train --model ../tiny.net --subset small --target "eye = 'left'" --epochs 1 --name left -q >/dev/null
show 'eyenet predict left ../eyes/train/1_left.jpeg'
show 'eyenet predict left ../eyes/train/1_left.jpeg --csv | sed -E "s/(0\.[0-9]{4})[0-9]+/\1/g"'
show 'eyenet predict left ../eyes/train/1_left.jpeg words.jpeg --fhir | grep -E "\"(resourceType|status|id|text|valueBoolean)\"" | sort | uniq -c | sed "s/ *\([0-9]*\) */\1 /"'
show 'eyenet predict left ../eyes/train/1_left.jpeg --fhir --csv'

# A command line of more than a megabyte is kept up to its first megabyte, and runs.
show 'eyenet predict first $(seq -f "missing/%060.0f.jpeg" 20000) ../eyes/train/2_right.jpeg --csv 2>/dev/null | wc -l'

# Heat maps: a picture of the sample's size for each photograph, the same for any number of threads, and nobody's photograph is lost.
show 'eyenet predict first --explain ../eyes/train/1_left.jpeg words.jpeg --csv | cut -d, -f1,5-'
show 'ls heat-maps'
show 'EYENET_THREADS=1 eyenet predict first --explain -o one ../eyes/train/1_left.jpeg -q >/dev/null; cmp one/1_left-heat.png heat-maps/1_left-heat.png && echo same'
show 'eyenet predict first --explain ../eyes/train/1_left.jpeg ../eyes/test/1_left.jpeg'
show 'eyenet predict first --explain --out ../eyes/train ../eyes/train/1_left.jpeg'
echo notes >one/2_left-heat.png
show 'eyenet predict first --explain -o one ../eyes/train/2_left.jpeg'
show 'eyenet predict first --out one ../eyes/train/1_left.jpeg'

# Several runs answer as one, and a photograph in several views.
eyenet train --model ../tiny.net --subset small --target "eye = 'left'" --epochs 1 --seed 2 --name right -q >/dev/null
show 'eyenet predict left,right --views ../eyes/train/1_left.jpeg --csv | cut -d, -f1 && eyenet predict left,right ../eyes/train/1_left.jpeg | head -n 1'
unchanged 'eyenet predict left,first ../eyes/train/1_left.jpeg'
unchanged 'eyenet predict left,left ../eyes/train/1_left.jpeg'
unchanged 'eyenet predict left,right --at youden ../eyes/train/1_left.jpeg'
unchanged 'eyenet predict left,right --fhir ../eyes/train/1_left.jpeg'
unchanged 'eyenet predict left --views --explain ../eyes/train/1_left.jpeg'
