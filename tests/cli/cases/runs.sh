# The list of runs fits 80 columns and says how good each is; programs get all of it.
eyes_project
eyenet train --subset small --model ../tiny.net --target eye --epochs 1 --name a-name-that-goes-on-and-on-well-beyond -q >/dev/null
unchanged 'COLUMNS=80 eyenet runs | sed -E "s/ [0-9.]+ +[0-9]{4}-[0-9]{2}-[0-9]{2}/ # DATE/; s/ +/ /g"'
[ "$(COLUMNS=80 eyenet runs | wc -L)" -le 80 ] || echo 'wider than 80 columns'
show 'eyenet runs --csv | head -n 1'
eyenet runs | awk 'NR > 2 && $7 !~ /^[0-9]+\.[0-9]$/ { print "seconds without a decimal: " $0 }'
show 'eyenet sql "SELECT value FROM metrics m JOIN runs r USING (run, run_id) WHERE run = '"'first'"' AND m.part = '"'val'"' AND metric = '"'auc'"' AND epoch = best_epoch" --csv | tail -n 1 | cmp - <(eyenet runs --csv | sed -n 2p | cut -d, -f9)'
