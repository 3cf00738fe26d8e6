# A label's name is a file's name by the same rule, and a pipe's hash is that of what came through it.
eyenet init . >/dev/null
printf 'image,level\nx.od.jpg,1\nx.os.jpg,3\n7.OS,2\n' >eyes.csv
show 'eyenet label import eyes.csv --unknown add'
printf 'image,level\n7.OS.JPG,2\nx.od,1\n' >same.csv
show 'eyenet label import same.csv --grader "a grader"'
show 'eyenet sql "SELECT image, grade, grader FROM labels ORDER BY image"'
show 'eyenet label import <(cat eyes.csv) --grader pipe'
show 'eyenet sql --csv "SELECT sha256 FROM label_import WHERE grader = '"'pipe'"'" | tail -n 1 | diff - <(sha256sum eyes.csv | cut -c 1-64)'
# Grades are decimal numbers.
for grade in 0x1 inf 1e0 2.0; do
  printf 'image,level\n7.OS,%s\n' "$grade" >odd.csv
  show 'eyenet label import odd.csv --supersede'
done
