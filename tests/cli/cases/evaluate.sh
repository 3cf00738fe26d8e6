# A trained run: what is measured, predicted and reported. The figures depend on the processor and are left out.
eyes_project
show 'eyenet runs --csv | cut -d, -f1-7'
show 'eyenet evaluate first | sed -E "s/^((loss|accuracy|balanced_accuracy|kappa|auc|sens|spec|ece|correct)[a-z_0-9]* +).*/\1#/; s/^((left|right) .*[^0-9])[0-9]+ +[0-9]+$/\1# #/"'
show 'eyenet evaluate first --json | grep -o "\"n\": [0-9]*"'
unchanged 'eyenet evaluate nosuch'
unchanged 'eyenet evaluate first --subset nosuch'
eyenet subset both "SELECT variant_id FROM variants WHERE part IN ('train', 'test')" >/dev/null
unchanged 'eyenet evaluate first --subset both'
show 'eyenet evaluate first --part train 2>&1 >/dev/null'
show 'eyenet sql "SELECT count(*) AS predictions, count(DISTINCT run) AS runs FROM predictions"'
show 'eyenet sql "SELECT use, measured_on, shared_patients FROM leakage"'
show 'eyenet report first -q | grep -E "^(run|state|target|measured_on|n|html) "'
show 'head -n 1 runs/first/report.html'
show 'eyenet report nosuch'
show 'eyenet report first --no-html --csv | cut -d, -f1-5'
show 'eyenet evaluate first --csv | head -n 1'
show 'eyenet report first --no-html --csv | head -n 1'
