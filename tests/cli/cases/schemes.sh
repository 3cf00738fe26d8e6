# Scales of labels: added, used like those that are built in, and removed while nothing rests on them.
eyenet init . >/dev/null
show 'eyenet scheme list'
printf 'Image name,Retinopathy grade,Risk of macular edema ,,\r\n1_left,3,2,,\r\n1_right,0,0,,\r\n2_left,2,1,,\r\n' >a.csv
unchanged 'eyenet label import a.csv --scheme dme --unknown add'
show "eyenet scheme add dme 0..2 --describe 'risk of macular edema' --values '0=none, 1=far,2=near'"
unchanged 'eyenet scheme add dme 0..2'
show "eyenet label import a.csv --scheme dme --column 'Risk of macular edema ' --unknown add | grep -v seconds"
show 'eyenet label import a.csv --json | grep -o "\"scheme\": \"[a-z]*\""'
show 'eyenet sql "SELECT image, scheme, grade, meaning FROM labels ORDER BY image, scheme"'
show "eyenet sql \"SELECT image, grade, label(image_id, 'dme') AS dme FROM images\""
show "eyenet sql \"SELECT label('dme') FROM images\""
show "eyenet sql \"SELECT label(image_id, 'edema') FROM images\""
# Another grader's.
printf 'image,dme\n1_left,1\n1_right,0\n2_left,0\n' >b.csv
unchanged 'eyenet label import b.csv --scheme dme'
show 'eyenet label import b.csv --scheme dme --supersede --grader berta | grep -v seconds'
show 'eyenet label conflicts'
show 'eyenet label conflicts --scheme icdr --csv'
show 'eyenet label conflicts --scheme edema'
show 'eyenet label agreement'
show 'eyenet label agreement --scheme dme --json'
# What says yes or no is not a grade.
printf 'ID,Disease_Risk,DR\n1_left,1,1\n1_right,1,0\n' >rfmid.csv
unchanged 'eyenet label import rfmid.csv'
unchanged 'eyenet label import rfmid.csv --column DR --scheme icdr'
show "eyenet scheme add dr 0..1 --values '0=no,1=yes' && eyenet label import rfmid.csv --scheme dr | head -n 3"
show 'eyenet label import rfmid.csv --column DR --scheme dme --map 1=2,0= --supersede | tail -n 4 | grep -v seconds'
# Names and ranges.
for name in ../x a/b .x ' x' '\033[31m' ''; do unchanged "eyenet scheme add \$'$name' 0..1"; done
for range in 1..0 1..1 '-- -1..1' 0..101 0..4611686018427387904 0-1 0..1.5 x; do unchanged "eyenet scheme add x $range"; done
for values in 5=a a '0=a,0=b' 0= '0=a\033'; do unchanged "eyenet scheme add x 0..1 --values \$'$values'"; done
unchanged "eyenet scheme add x 0..1 --describe \$'\377'"
unchanged 'eyenet scheme add x 0..1 --describe "$(printf %1001s .)"'
# Removed.
unchanged 'eyenet scheme rm dme'
unchanged 'eyenet scheme rm icdr'
unchanged 'eyenet scheme rm nothing'
show 'eyenet scheme add x 0..1 --kinds && eyenet scheme list && eyenet scheme rm x'
show 'eyenet sql "SELECT scheme, lowest, highest, ordered, built_in, labels, graded_by FROM schemes"'
show 'eyenet doctor -q | grep -A1 ^bad'
