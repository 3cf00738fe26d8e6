# An inbox: what has come is taken once it stays as it is; what is known, unfinished or growing is not.
eyenet phantom eyes -n 5 --seed 3 --max-width 96 >/dev/null
mkdir -p inbox/monday
cp eyes/train/1_*.jpeg inbox/monday
cp eyes/train/2_left.jpeg inbox/2_left.jpeg.part
: >inbox/empty.jpeg
(cd eyes/train && python3 -m zipfile -c ../../inbox/old.zip 5_left.jpeg)
eyenet init p >/dev/null
short() { grep -E '^(accepted|rejected|images)'; }
once='eyenet -C p -q ingest --recipe "crop=retina size=32" --watch inbox --once --every 0.1'
show "$once --dataset clinic | short"
show 'eyenet -C p sql "SELECT dataset, image, status FROM images ORDER BY image"'
show "$once | short" # nothing is new
cp eyes/train/3_left.jpeg inbox
show "$once | short"
# A file that is still being written: other bytes in every look, though none while it is taken.
(while :; do printf x >>inbox/4_left.jpeg; sleep 0.3; done) &
writer=$!
show 'eyenet -C p -q ingest --recipe "crop=retina size=32" --watch inbox --once --every 1.5 | short'
kill $writer
wait $writer 2>/dev/null
cp eyes/train/4_left.jpeg inbox/4_left.jpeg
# Until Ctrl-C. The project is free between batches, and a folder that is away for a while is a warning.
mkfifo said
env --default-signal=INT eyenet -C p ingest --recipe 'crop=retina size=32' --watch inbox --every 0.1 >summary 2>said &
watch=$!
exec 3<said
wait_for() { while IFS= read -r -t 30 line <&3; do if [[ $line == "$1"* ]]; then echo "! $1"; break; fi; done; }
wait_for "taken from 'inbox': 1 photograph, 1 accepted"
mv inbox/2_left.jpeg.part inbox/2_left.jpeg
wait_for "taken from 'inbox': 1 photograph, 1 accepted"
echo 'image,level
2_left,1' >labels.csv
show 'eyenet -C p label import labels.csv | head -n 3'
mv inbox away
wait_for 'warning: cannot'
mv away inbox
cp eyes/train/5_right.jpeg inbox
wait_for "taken from 'inbox': 1 photograph, 1 accepted"
kill -INT $watch
cat <&3 >/dev/null
wait $watch
echo "[$?]"
short <summary
show 'eyenet -C p doctor -q --csv | grep -vE "^(ok|note)"'
show 'eyenet -C p ingest --watch nowhere'
show 'eyenet -C p ingest --once'
show 'eyenet -C p ingest --watch p/photos --once --every 0.1'
