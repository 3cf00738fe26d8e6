# A run is trained on with new photographs, and replaced only where that is not worse; a command that was killed goes on.
command -v sqlite3 >/dev/null || { echo 'no sqlite3'; exit 77; }
eyes_project
dots() { sed -E 's/-?[0-9]+\.[0-9]{2,}/N/g; s/ +/ /g'; }
eyenet augment plain -q >/dev/null
eyenet evaluate first -q >/dev/null 2>&1
unchanged 'eyenet retrain nosuch'
unchanged 'eyenet retrain first'
unchanged 'eyenet retrain first --since tomorrow'
unchanged 'eyenet retrain first --since 2026-02-99'
unchanged 'eyenet retrain first --time-limit 0'
# New photographs: of new patients, a second one of a test patient, and one of a patient that is trained on.
eyenet phantom ../more --patients 50 --max-width 320 --seed 9 -q >/dev/null
of() { eyenet sql --csv "SELECT patient FROM images WHERE part = '$1' AND status = 'accepted' ORDER BY CAST(patient AS INTEGER) LIMIT 1" | tail -n 1; }
test=$(of test) train=$(of train)
mkdir ../new
for n in $(seq 31 48); do mv ../more/train/"${n}"_*.jpeg ../new/; done
mv ../more/train/49_left.jpeg "../new/${test}_left_2.jpeg"
mv ../more/train/50_left.jpeg "../new/${train}_left_2.jpeg"
eyenet fetch ../new -q >/dev/null 2>&1
show 'eyenet ingest --recipe "crop=retina size=32" -q --csv | cut -d, -f1-3'
unchanged 'eyenet retrain first'
eyenet augment seed -q >/dev/null
unchanged 'eyenet retrain first --sql "score > 2"'
unchanged 'eyenet retrain first --sql "score >"'
unchanged 'eyenet retrain first --sql "1)) OR ((1"'
unchanged 'eyenet retrain first --sql "1 /*"'
unchanged 'eyenet retrain first --sql "random() > 0"'
unchanged 'eyenet retrain first --since 2126-01-31'
unchanged 'eyenet retrain first --as "a b"'
eyenet label import ../more/trainLabels.csv --unknown skip -q >/dev/null 2>&1
eyenet augment plain -q >/dev/null
# Killed in every step: after a short time, then longer; what it had done is kept.
for time in 0.02 0.05 0.1 0.2 0.3; do
  (timeout -s KILL $time eyenet retrain first --epochs 40 -q || true) >/dev/null 2>&1
done
show 'eyenet retrain first --epochs 40 -q 2>/dev/null | grep -vE "^(best_epoch|new_value|value|difference|low|high|reason|decision|drifted|n |test_patients)" | dots'
show 'eyenet sql "SELECT count(*) AS retrainings, count(DISTINCT split) AS splits FROM retrainings"'
show 'eyenet sql "SELECT count(*) AS runs, min(parent) AS parent, min(attempts > 0) AS tried FROM runs WHERE run LIKE '\''first+%'\''"'
show 'eyenet sql "SELECT split, train_patients + val_patients AS known, test_patients FROM splits ORDER BY split_id"'
# Every patient keeps the part it had, and no test patient is learned from.
show 'eyenet sql "SELECT count(*) AS moved FROM assignment a JOIN assignment b USING (patient) WHERE a.split_id = 1 AND b.split_id = 2 AND a.part <> b.part"'
show "eyenet sql \"SELECT count(*) AS leaked FROM subset_member m JOIN subset s USING (subset_id) JOIN variant v USING (variant_id) JOIN image i USING (image_id) JOIN assignment a ON a.split_id = 1 AND a.patient = i.patient WHERE s.name = 'first+2' AND a.part <> 'train'\""
show "eyenet sql \"SELECT count(*) AS of_the_known FROM subset_member m JOIN subset s USING (subset_id) JOIN variant v USING (variant_id) JOIN image i USING (image_id) WHERE s.name = 'first+2' AND i.name LIKE '%_2'\""
show 'eyenet sql "SELECT run, count(DISTINCT subset) AS subsets, min(subset) AS subset, count(DISTINCT weights_sha256) AS weights FROM evaluations GROUP BY run ORDER BY run"'
show 'eyenet sql "SELECT run, chosen, photographs, promoted IS NOT NULL AS decided, promoted = (new_run = (SELECT run FROM promotions WHERE current = 1)) AS consistent FROM retrainings"'
unchanged 'eyenet retrain first'
# The decision, made certain: with any margin it is promoted, and with nearly none and a rate that destroys it, kept.
eyenet split big --test 0.6 --val 0.1 >/dev/null
eyenet subset big "SELECT variant_id FROM variants WHERE part = 'train' AND rotation = 0" >/dev/null
eyenet train --subset big --model ../tiny.net --target eye --epochs 3 --name big -q >/dev/null 2>&1
# They are smaller, which is said.
eyenet phantom ../third --patients 60 --max-width 240 --seed 11 -q >/dev/null
mkdir ../newer
for n in $(seq 51 60); do mv ../third/train/"${n}"_*.jpeg ../newer/; done
eyenet fetch ../newer -q >/dev/null 2>&1
eyenet ingest --recipe "crop=retina size=32" -q >/dev/null 2>&1
eyenet label import ../third/trainLabels.csv --unknown skip -q >/dev/null 2>&1
eyenet augment plain -q >/dev/null
show 'eyenet retrain big --sql "width > 0" --name wide --margin 1 --epochs 1 --as wide -q --json 2>warned | grep -oE "\"(run|new_run|photographs|alias|decision)\": [^,}]*"; grep -oE "differ .* in size|size .distance 1.00, n [0-9]+ and [0-9]+" warned'
show 'eyenet promote --csv | cut -d, -f1-4'
show 'eyenet retrain @wide -q 2>&1 | tail -n 1'
unchanged 'eyenet retrain big --as wide -q'
show 'eyenet retrain big --sql "width > 1" --margin 0.000001 --lr 5 --epochs 1 --as fast -q --json 2>/dev/null | grep -oE "\"(run|new_run|alias|decision)\": [^,}]*"'
show 'eyenet sql "SELECT run, new_run, promoted, alias FROM retrainings WHERE alias = '\''fast'\''"'
show 'eyenet promote --csv | cut -d, -f1-4 | grep fast'
# It starts from the weights as a whole: hardly trained, it answers as the old run does.
show 'eyenet retrain big --sql "width > 2" --name same --lr 0.000000001 --epochs 1 --as same -q --json 2>/dev/null | grep -oE "\"(difference|decision)\": [^,}]*" | sed -E "s/: -?(0(\.0+)?|0\.000[0-9]*|[0-9.]+e-[0-9]+)$/: hardly any/"'
# One that was begun goes on as it was begun; one that is decided is tried again only by another name.
limited() { eyenet retrain big --sql "width > 3" --as "$@" -q --json 2>&1 | grep -oE '^eyenet.*|"(new_run|epochs)": [^,}]*' | sed -E 's/epoch [0-9]+ of/epoch N of/; s/and (not )?promoted/and DECIDED/'; }
show 'limited a --epochs 9 --name slow --time-limit 0.001'
unchanged 'limited a --epochs 9 --name other'
unchanged 'limited a --epochs 3'
show 'limited a --epochs 9 --time-limit 10m'
unchanged 'limited b --lr 0.1'
show 'limited b --lr 0.1 --epochs 1 --name slower'
# What cannot be trained on.
echo image,predicted >p.csv
eyenet sql --csv "SELECT image, eye AS predicted FROM variants WHERE part = 'test' AND mirror = 0 AND rotation = 0" >p.csv
eyenet run import p.csv --name elsewhere --target eye -q >/dev/null 2>&1
unchanged 'eyenet retrain elsewhere'
rm runs/first/model.safetensors
unchanged 'eyenet retrain first --since 2020-01-01'
sqlite3 eyenet.db "UPDATE retraining SET reason = 'another' WHERE retraining_id = 1" 2>&1 | grep -o "a retraining is history.*[a-z]"
show 'eyenet runs rm first+2 big+3 -q --csv | cut -d, -f1; eyenet runs gc -q --csv | cut -d, -f1; eyenet sql --csv "SELECT run, new_run FROM retrainings"'
show 'eyenet doctor --csv | grep -v "^ok" | cut -c1-100'
