# Labels without photographs, and files that are not what they should be. Nothing is ever half imported.
eyenet init . >/dev/null
printf 'image,level\n1_left,0\n1_right,2\n' >good.csv
unchanged 'eyenet label import good.csv'
show 'eyenet label import good.csv --unknown skip'
show 'eyenet label import good.csv --unknown add'
show 'eyenet label import good.csv'
show 'eyenet sql "SELECT image, scheme, grade, grader FROM labels"'
printf 'image,level\n1_left,1\n1_right,7\n' >seven.csv
unchanged 'eyenet label import seven.csv'
printf 'image,level\n1_left,1\n1_right,two\n' >word.csv
unchanged 'eyenet label import word.csv'
printf '1_left,1\n1_right,2\n' >headless.csv
unchanged 'eyenet label import headless.csv'
printf 'image,level\n1_left,1\n9_left,2\n' >unknown.csv
unchanged 'eyenet label import unknown.csv'
printf 'image,level\n1_left\n' >short.csv
show 'eyenet label import short.csv'
: >empty.csv
unchanged 'eyenet label import empty.csv'
head -c 100000 /dev/zero >zeros.csv
unchanged 'eyenet label import zeros.csv'
unchanged 'eyenet label import missing.csv'
printf 'image;quality\n1_left;2\n' >quality.csv
show 'eyenet label import quality.csv --grader somebody --json'
printf 'name,score\n1_left,1\n' >odd.csv
unchanged 'eyenet label import odd.csv'
show 'eyenet label import odd.csv --image-column name --column score --scheme gradable'
