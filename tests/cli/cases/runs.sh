# The list of runs fits 80 columns and says how far each came and how good it is; programs get all of it.
command -v sqlite3 >/dev/null || { echo 'no sqlite3'; exit 77; }
eyes_project
eyenet train --subset small --model ../tiny.net --target eye --epochs 1 --name a-name-that-goes-on-and-on-well-beyond -q >/dev/null
eyenet train --subset small --model ../tiny.net --target 'CAST(patient AS INTEGER) % 3' --epochs 1 --name thirds -q >/dev/null
eyenet evaluate first --part val -q >/dev/null 2>&1 # not of the test part
show "COLUMNS=80 eyenet runs"
[ "$(COLUMNS=80 eyenet runs | wc -L)" -le 80 ] || echo 'wider than 80 columns'
eyenet evaluate first -q --json >first.json 2>/dev/null
eyenet evaluate thirds -q --json >thirds.json 2>/dev/null
eyenet evaluate first --part val -q >/dev/null 2>&1 # newer, and still not of the test part
# Runs that were stopped, that still train, and that have not begun their first epoch.
sqlite3 eyenet.db <<'END'
CREATE TEMP TABLE made AS SELECT * FROM run WHERE name = 'first';
UPDATE made SET run_id = 101, uuid = '0000000a' || substr(uuid, 9), name = 'stopped', state = 'interrupted', epochs = 7, best_epoch = 5;
INSERT INTO run SELECT * FROM made;
UPDATE made SET run_id = 102, uuid = '0000000b' || substr(uuid, 9), name = 'at-work', state = 'running', epochs = NULL, best_epoch = NULL;
INSERT INTO run SELECT * FROM made;
UPDATE made SET run_id = 103, uuid = '0000000c' || substr(uuid, 9), name = 'new';
INSERT INTO run SELECT * FROM made;
INSERT INTO param SELECT r.run_id, 'epochs', 25 FROM run r WHERE run_id > 100;
INSERT INTO metric (run_id, part, name, attempt, step, epoch, value)
SELECT r.run_id, 'val', n.name, 1, e.value, e.value, e.value / 10.0
FROM run r, json_each('[1, 2, 3, 4]') e, (SELECT 'loss' AS name UNION SELECT 'auc') n WHERE run_id = 102;
INSERT INTO checkpoint (run_id, kind, attempt, epoch, step, path, sha256)
SELECT 102, kind, 1, 3, 3, 'runs/at-work/model.safetensors', sha256 FROM checkpoint c JOIN run r USING (run_id) WHERE r.name = 'first' LIMIT 1;
END
unchanged "COLUMNS=80 eyenet runs"
[ "$(COLUMNS=80 eyenet runs | wc -L)" -le 80 ] || echo 'wider than 80 columns'
# The same numbers as those of evaluate: the AUC of two classes, the accuracy of five.
show 'eyenet runs --csv | head -n 1'
column() { eyenet runs --csv | awk -F, -v run="$1" -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } $1 == run { print $at[name] }'; }
value() { grep -oE "\"$2\": ([-0-9.e]+|null)" "$1.json" | cut -d' ' -f2 | sed 's/null//'; }
for pair in test:auc test_low:auc_low test_high:auc_high test_n:n; do
  cmp <(column first ${pair%:*}) <(value first ${pair#*:})
done
for pair in test:accuracy test_low:accuracy_low test_high:accuracy_high test_n:n; do
  cmp <(column thirds ${pair%:*}) <(value thirds ${pair#*:})
done
eyenet runs | grep -F "$(printf '%.3f  too few' "$(value first auc)")" >/dev/null || echo 'another AUC for people'
# A metric whose interval needs no more patients than there are would be a number in both.
grep -o '"too_few": "[^"]*auc' first.json >/dev/null || echo 'nine patients are enough for an interval'
show 'eyenet sql "SELECT value FROM metrics m JOIN runs r USING (run, run_id) WHERE run = '"'first'"' AND m.part = '"'val'"' AND metric = '"'auc'"' AND epoch = best_epoch" --csv | tail -n 1 | cmp - <(column first val_auc)'
show 'eyenet runs --csv | cut -d, -f1,2,6,7,8,9,12,13,15,18 | grep -vE "^(first|thirds|a-name)"'
show 'eyenet runs --json | grep -o "\"run\": \"new\".*"'
# Of many runs the table has the newest; programs get all, and so do conditions.
sqlite3 eyenet.db "CREATE TEMP TABLE made AS SELECT * FROM run WHERE name = 'stopped';
  WITH n(n) AS (SELECT 201 UNION ALL SELECT n + 1 FROM n WHERE n < 310)
  INSERT INTO run SELECT $(sqlite3 eyenet.db "SELECT group_concat(CASE name WHEN 'run_id' THEN 'n' WHEN 'uuid' THEN 'printf(''%08x'', n) || substr(uuid, 9)' WHEN 'name' THEN '''many-'' || n' ELSE name END, ', ') FROM pragma_table_info('run')") FROM n, made"
show 'eyenet runs 2>&1 >/dev/null'
show 'eyenet runs 2>/dev/null | grep -c "^many-"'
show 'eyenet runs 2>/dev/null | grep -oE "^many-(210|211|310)"'
show "eyenet runs -w \"run LIKE 'many%'\" | grep -c '^many-'"
show 'eyenet runs --csv 2>&1 | grep -c "^many-"'
