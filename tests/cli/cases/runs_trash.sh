# Runs are renamed, tagged, annotated, removed, restored and deleted; what is in the trash no list and no view shows.
command -v sqlite3 >/dev/null || { echo 'no sqlite3'; exit 77; }
eyes_project
train() { eyenet train --subset small --model ../tiny.net --target eye --epochs 1 -q --name "$@" >/dev/null; }
train second --seed 9
train third --lr 0.02
eyenet evaluate second -q >/dev/null 2>&1
eyenet reproduce first -q >/dev/null
show 'eyenet runs show second --csv | grep -E "^(run,(state|target|seed|folder)|setting,(epochs|learning_rate)|evaluation|file)" | sed -E "s/[0-9a-f]{64}/HASH/"'
show 'eyenet runs diff second third | grep -v ^metric'
show 'eyenet runs diff second second --json'
show 'eyenet runs tag second baseline "for the paper" "größe"'
unchanged 'eyenet runs tag second baseline'
unchanged 'eyenet runs tag second good "a,b"'
unchanged 'eyenet runs tag second --remove nosuch'
show 'eyenet runs tag second --remove größe'
show 'eyenet runs note second "too few epochs"'
show "eyenet sql \"SELECT run, tags, note, folder FROM runs WHERE tags LIKE '%paper%'\" --csv"
for name in ../x .hidden last a/b '' "$(printf 'a\nb')" "$(printf %0101d 1)" third; do
  unchanged "eyenet runs rename second '$name'"
done
show 'eyenet runs rename second best'
show "eyenet predict best ../eyes/train/1_left.jpeg --csv | cut -d, -f1,2"
# A new run of the old name has a folder of its own.
train second --seed 9
show "eyenet sql \"SELECT run, folder FROM runs ORDER BY run_id\" --csv"

unchanged 'eyenet runs rm best nosuch'
unchanged 'eyenet runs rm best best'
show 'eyenet runs rm best first --csv | cut -d, -f1,3,5,6,7'
show 'eyenet runs --csv | cut -d, -f1'
show "eyenet sql \"SELECT (SELECT count(*) FROM metrics WHERE run LIKE '%best%' OR run LIKE 'removed%') AS metrics, (SELECT count(*) FROM predictions) AS predictions\" --csv"
unchanged 'eyenet evaluate best'
unchanged 'eyenet train --resume best'
show 'eyenet doctor --csv | grep ^bad'
unchanged 'eyenet runs gc --dry-run --csv | cut -d, -f1,3,5,6,7'
train best
unchanged 'eyenet runs restore best'
unchanged 'eyenet runs restore best --name third'
show 'eyenet runs restore best --name best-again --csv | cut -d, -f1,3,5,6,7'
show "eyenet predict best-again ../eyes/train/1_left.jpeg --csv | cut -d, -f1,2"
# Two of one name in the trash, of which one is meant.
eyenet runs rm best >/dev/null
eyenet runs rename best-again best -q
eyenet runs rm best >/dev/null
unchanged 'eyenet runs gc best'
uuid=$(eyenet sql "SELECT uuid FROM removed_runs WHERE run = 'best' ORDER BY run_id LIMIT 1" --csv | tail -n 1)
echo mine >runs/second/notes.txt
show "eyenet runs gc $uuid --csv | cut -d, -f1,3,5,6,7"
show 'ls runs'
show 'ls runs/second'
show 'eyenet runs gc --csv | cut -d, -f1,3,5,6,7'
show 'eyenet runs gc'
show 'eyenet runs restore first'
show "eyenet sql \"SELECT run, parent FROM runs\" --csv"
show 'ls runs'
show 'eyenet doctor --csv | grep ^bad'
# A run that is being trained.
sqlite3 eyenet.db "UPDATE run SET state = 'running' WHERE name = 'third'" 2>/dev/null || true
show 'eyenet runs list --csv | cut -d, -f1,2'
