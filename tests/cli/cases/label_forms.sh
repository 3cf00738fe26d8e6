# Names that differ from those of images only in the case of letters or in their Unicode form, as macOS writes accents.
eyenet phantom eyes -n 3 --seed 3 --max-width 96 >/dev/null
mkdir -p clinic/Köln clinic/Bonn
cp eyes/train/1_left.jpeg clinic/Köln/Müller_OD.jpeg
cp eyes/train/1_right.jpeg clinic/Köln/Müller_OS.jpeg
cp eyes/train/2_left.jpeg clinic/Bonn/Müller_OD.jpeg
cp eyes/train/2_right.jpeg clinic/Bonn/twin_L.jpeg
cp eyes/train/3_left.jpeg clinic/Bonn/TWIN_L.jpeg
eyenet init p >/dev/null
cd p || exit 1
eyenet -q fetch ../clinic >/dev/null
eyenet -q ingest --recipe 'crop=retina size=32' >/dev/null
short() { grep -E '^(rows|imported|unchanged|added|other_form)'; }
printf 'image,level\nKo\xcc\x88ln/Mu\xcc\x88ller_OD.jpeg,1\nMU\xcc\x88LLER_os,2\n' >mac.csv
show 'eyenet label import mac.csv | short'
printf 'image,level\nKöln/Müller_OD.jpeg,1\nMüller_OS,2\n' >exact.csv
show 'eyenet label import exact.csv --grader mac.csv | short'
printf 'image,level\nkÖLN\\Müller_OD,1\n' >folder.csv
show 'eyenet label import folder.csv --grader mac.csv | short'
printf 'image,level\nmüller_od,1\n' >one.csv
show 'eyenet label import one.csv --grader mac.csv --folder köln | short'
show 'eyenet sql "SELECT image, grade FROM images ORDER BY image"'
# Exact names count for more; what may be several is refused with its candidates.
printf 'image,level\ntwin_L,3\nTWIN_L,4\n' >twins.csv
show 'eyenet label import twins.csv | short'
printf 'image,level\nTwin_l,3\n' >many.csv
unchanged 'eyenet label import many.csv'
unchanged 'eyenet label import one.csv'
# Images that are listed, and one of two rows that mean the same image.
printf 'image,level\nA_left,0\na_LEFT,0\n' >listed.csv
show 'eyenet label import listed.csv --unknown add | short'
printf 'image,level\nA_left,0\na_LEFT,1\n' >listed.csv
unchanged 'eyenet label import listed.csv --supersede'
# Other files that name images.
printf 'image,Usage\nBonn/mu\xcc\x88ller_od,test\nKÖLN/Müller_OD,train\n' >parts.csv
show 'eyenet split import parts.csv --name given --column Usage --keep-together 2>&1 | head -n 3'
