# Equal trainings have equal hashes of weights, and metrics belong to the weights that were measured.
command -v sqlite3 >/dev/null || { echo 'no sqlite3'; exit 77; }
eyes_project
for name in a b; do eyenet train --subset small --model ../tiny.net --target eye --epochs 2 --name $name -q >/dev/null; done
eyenet train --subset small --model ../tiny.net --target eye --epochs 2 --name c --seed 2 -q >/dev/null
show 'eyenet sql --csv "SELECT count(DISTINCT sha256), count(DISTINCT file_sha256) FROM checkpoint JOIN run USING (run_id) WHERE name IN ('"'a', 'b'"')"'
show 'eyenet sql --csv "SELECT count(DISTINCT sha256) FROM checkpoint JOIN run USING (run_id) WHERE name IN ('"'a', 'c'"')"'
# Everybody can compute it: it is that of what follows the header.
header() { od -An -tu8 -N8 "$1" | tr -d ' '; }
tail -c +$((9 + $(header runs/a/model.safetensors))) runs/a/model.safetensors | sha256sum | cut -d' ' -f1 >computed
eyenet sql --csv "SELECT sha256 FROM checkpoint JOIN run USING (run_id) WHERE name = 'a'" | tail -n 1 | cmp - computed
# Weights that an earlier version wrote have only the file's hash; the next command that writes reads the others.
# Without the rules of finished runs, which are there again afterwards.
unruled() {
    drop=$(sqlite3 eyenet.db "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%finished%'")
    make=$(sqlite3 eyenet.db "SELECT sql || ';' FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%finished%'")
    sqlite3 eyenet.db "$drop $1; $make"
}
unruled "UPDATE checkpoint SET sha256 = NULL"
mv runs/b/model.safetensors away
printf x >>runs/c/model.safetensors
eyenet label import ../eyes/trainLabels.csv -q >/dev/null
show 'eyenet sql --csv "SELECT name, sha256 IS NOT NULL AS has FROM checkpoint JOIN run USING (run_id) ORDER BY name"'
eyenet sql --csv "SELECT sha256 FROM checkpoint JOIN run USING (run_id) WHERE name = 'a'" | tail -n 1 | cmp - computed
mv away runs/b/model.safetensors
truncate -s -1 runs/c/model.safetensors
# An evaluation of weights that were replaced since.
eyenet evaluate a -q >/dev/null
eyenet evaluate b -q >/dev/null
show 'eyenet sql "SELECT run, weights_kept, newest FROM evaluations ORDER BY run"'
unruled "UPDATE checkpoint SET sha256 = replace(sha256, substr(sha256, 1, 8), '00000000') WHERE run_id = (SELECT run_id FROM run WHERE name = 'b')"
show 'eyenet sql "SELECT run, weights_kept, newest FROM evaluations ORDER BY run"'
show 'eyenet sql "SELECT run, weights_kept, count(*) AS n FROM predictions GROUP BY run"'
show 'COLUMNS=80 eyenet runs'
show 'eyenet runs --csv | cut -d, -f1,20'
eyenet report b --out old.html -q >/dev/null
show 'grep -o "Measured with other weights than the run keeps." old.html'
eyenet report a --out new.html -q >/dev/null
grep -c 'other weights' new.html
# Of a run that was stopped, or that still trains.
unruled "UPDATE run SET state = 'interrupted' WHERE name = 'a'"
show 'eyenet evaluate a --json | grep -oE "\"weights\": \"[^\"]*\""'
unruled "UPDATE checkpoint SET epoch = 0 WHERE run_id = (SELECT run_id FROM run WHERE name = 'a')"
show 'eyenet evaluate a --json | grep -oE "\"weights\": \"[^\"]*\""'
