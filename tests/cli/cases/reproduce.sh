# A run is trained again from what the catalog says of it: identical, or what the two were made with otherwise.
command -v sqlite3 >/dev/null || { echo 'no sqlite3'; exit 77; }
eyes_project
commit() { sed -E -e 's/commit [0-9a-z+-]+, now [0-9a-z+-]+(; )?//' -e 's/; blas [^;]*|blas [^;]*(; )?//' -e '/^differences *$/d'; }
again() { eyenet reproduce "$@" -q 2>err | grep -vE '^(seconds|.*_?sha256) ' | commit; cat err; }
show 'again first'
show 'eyenet reproduce first --threads 1 --name single -q --json | grep -oE "\"(outcome|metrics|metrics_different)\": [^,]*|threads [^;]*now [0-9]"'
show 'eyenet sql "SELECT run, parent, state, seed = (SELECT seed FROM runs WHERE run = '"'first'"') AS same_seed FROM runs ORDER BY run_id"'
show 'eyenet sql --csv "SELECT count(DISTINCT sha256) FROM checkpoint"'
# Other arithmetic, and afterwards the arithmetic of a run is its own: the environment need not ask for it.
EYENET_CONV=direct eyenet train --subset small --model ../tiny.net --target eye --epochs 3 --patience 1 --batch 5 --seed 7 --augment 'rotate 10' \
  --optimiser 'sgd momentum 0.9' --schedule cosine --class-weights 1,3 --positive left --clip 1 --name other -q >/dev/null
show 'EYENET_CONV=fft eyenet reproduce other --name by-fft -q 2>&1 | grep -vE "^(seconds|.*sha256|metrics)" | commit'
show 'again other'
# What is learned from has changed since: one grade, which the target does not see, and then one that it does.
grade() { printf 'image,level\n%s\n' "$1" >one.csv && eyenet label import one.csv --supersede -q >/dev/null; }
grade 1_left,4
show 'again first'
eyenet train --subset small --model ../tiny.net --target 'grade >= 2' --epochs 1 --name graded -q >/dev/null 2>&1
member=$(eyenet sql --csv "SELECT image, CASE WHEN grade >= 2 THEN 0 ELSE 4 END FROM variants WHERE part = 'train' AND rotation = 0 ORDER BY image LIMIT 1" | tail -n 1)
grade "$member"
show 'eyenet reproduce graded -q 2>&1 | grep -E "^(outcome|differences|eyenet)" | commit | sed -E "s/[0-9a-f]{64}/HASH/g"'
# What cannot be reproduced.
unchanged 'eyenet reproduce nobody -q'
unchanged 'eyenet reproduce other --name first -q'
EYENET_CONV=direct eyenet train --subset small --model ../tiny.net --target eye --epochs 5000 --patience 0 --name stopped --time-limit 0.2 -q >/dev/null 2>&1
unchanged 'eyenet reproduce stopped -q'
# A run that is resumed keeps its arithmetic as well.
show 'eyenet train --resume stopped --time-limit 0.1 -q >/dev/null 2>&1'
show 'EYENET_CONV=fft eyenet train --resume stopped --time-limit 0.1 -q'
# The file that the network came from may be gone, or hidden by another of its name.
mkdir tiny
mv ../tiny.net ../gone.net
show 'again first | grep outcome'
# Nor does a folder or file hide a built-in network.
mkdir eyenet && echo nonsense >eyenet3
show 'eyenet train --subset small --target eye -q'
show 'eyenet train --subset small --target eye --model eyenet3 -q'
show 'eyenet train --subset small --target eye --model ./eyenet3 -q'
