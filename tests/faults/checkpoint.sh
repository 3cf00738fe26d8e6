#!/usr/bin/env bash
# Three writers at once, whose logs are checkpointed all the time, leave a whole catalog. With EYENET_STRESS_SECONDS=60 for a
# minute. A foreign program that checkpoints beside them is tried afterwards and only reported: SQLite 3.7.0 to 3.51.2 can
# corrupt a database then, and no lock of eyenet's keeps others from it (docs/decisions.md).
#   checkpoint.sh PROGRAM
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"
seconds=${EYENET_STRESS_SECONDS:-5}

eyenet init p >/dev/null
cd p
for grade in 0 1 2 3; do
  { echo image,level; for i in $(seq 4000); do echo "${i}_left,$grade"; done; } >"grade$grade.csv"
done
eyenet label import grade0.csv --unknown add >/dev/null

# NUMBER UNTIL: imports in turn, each of which is a commit of 4,000 rows.
write() {
  while [ "$(date +%s)" -lt "$2" ]; do
    for grade in 1 2 3 0; do
      eyenet label import "grade$grade.csv" --grader "writer $1" --supersede >/dev/null || return 1
    done
  done
}

run_writers() {
  local until writers=() status=0
  until=$(($(date +%s) + seconds))
  for i in 1 2 3; do
    write "$i" "$until" &
    writers+=($!)
  done
  for pid in "${writers[@]}"; do wait "$pid" || status=1; done
  return $status
}

is_whole() { eyenet doctor --csv 2>/dev/null | grep -q '^ok,catalog'; }

run_writers || wrong "a writer failed"
is_whole || wrong "the catalog is damaged by eyenet's own writers"
[ ! -s eyenet.db-wal ] || wrong "a log of $(stat -c %s eyenet.db-wal) bytes is left"
echo "three writers, $seconds s: whole, $(eyenet sql 'SELECT count(*) AS n FROM label' --csv | tail -n 1) labels"

if command -v python3 >/dev/null; then
  python3 - "$seconds" <<'PY' &
import sqlite3, sys, time
end = time.time() + float(sys.argv[1])
db = sqlite3.connect("eyenet.db", timeout=0)
while time.time() < end:
    try:
        db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    except sqlite3.Error:
        pass
db.close()
PY
  foreign=$!
  run_writers || echo "beside a foreign checkpoint a writer failed"
  wait "$foreign" || true
  is_whole && echo "with a foreign PASSIVE checkpoint beside them: whole" ||
    echo "with a foreign PASSIVE checkpoint beside them: damaged, as SQLite's defect allows"
fi
finish
