# A trained run: what is measured, predicted and reported.
eyes_project
show 'eyenet runs --csv | cut -d, -f1-7'
show 'eyenet evaluate first'
# Of a run whose confusion matrix has four different numbers.
eyenet train --subset small --model ../tiny.net --target "eye = 'right'" --lr 0.01 --patience 0 --epochs 3 --name uneven -q >/dev/null
show 'eyenet evaluate uneven'
show 'eyenet report uneven --no-html -q | grep -v "^seconds"'
show 'eyenet evaluate first --json | grep -o "\"n\": [0-9]*"'
unchanged 'eyenet evaluate nosuch'
unchanged 'eyenet evaluate first --subset nosuch'
eyenet subset both "SELECT variant_id FROM variants WHERE part IN ('train', 'test')" >/dev/null
unchanged 'eyenet evaluate first --subset both'
show 'eyenet evaluate first --part train 2>&1 >/dev/null'
show 'eyenet sql "SELECT count(*) AS predictions, count(DISTINCT run) AS runs FROM predictions"'
show 'eyenet sql "SELECT use, measured_on, shared_patients FROM leakage"'
show 'eyenet report first -q'
show 'head -n 1 runs/first/report.html'
show 'eyenet report nosuch'
show 'eyenet report first --no-html --csv | cut -d, -f1-5'
show 'eyenet evaluate first --csv | head -n 1'
show 'eyenet report first --no-html --csv | head -n 1'
