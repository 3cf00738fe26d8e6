#!/usr/bin/env bash
# Bundles while the program is killed before every write, sync and rename, the disk is full, and bits of the file are
# turned: a project has the run whole or has nothing of it, and the next command that writes takes the rest away.
# The third argument is how many of these calls are passed over between two kills; 1: none.
#   bundle.sh PROGRAM KILL_AT_LIBRARY [EVERY]
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"
library=$scratch/kill_at.so
cp "$2" "$library"
every=${3:-5}

draw_eyes 20 100
project ours trained
eyenet -C ours evaluate first -q >/dev/null
expect 0 eyenet -C ours bundle export first -o first.bundle
eyenet init empty >/dev/null

# What a project has of a run, but for times of imports.
has() {
  eyenet -C "$1" sql --csv "
    SELECT 'run', json_array(run, state, uuid, settings, subset, recipe) FROM runs
    UNION ALL SELECT 'step', json_array(step, loss) FROM steps
    UNION ALL SELECT 'metric', json_array(part, metric, epoch, value) FROM metrics
    UNION ALL SELECT 'prediction', json_array(image, truth, predicted, probabilities) FROM predictions
    UNION ALL SELECT 'image', json_array(image, patient, status) FROM images
    UNION ALL SELECT 'subset', json_array(subset, part, sha256) FROM subsets ORDER BY 1, 2"
  (cd "$1" && { find runs downloads photos samples -type f 2>/dev/null || true; } | sort)
}
has empty >nothing
cp -r empty there
expect 0 eyenet -C there bundle import first.bundle
has there >whole
expect 0 eyenet -C there bundle import first.bundle
has there >again
cmp -s whole again || wrong 'a bundle that was imported twice changed something'

{ run env LD_PRELOAD="$library" EN_KILL_AT=1 eyenet init probe; } 2>shell
if [ "$code" -ne 137 ]; then
  echo "SKIPPED: no library can be preloaded into this program: $(head -n 1 err)"
  exit 77
fi

# killed WHAT: the project "hurt" has all or nothing, once another command has opened it for writing.
killed() {
  eyenet -C hurt patients >/dev/null 2>&1 || true
  eyenet -C hurt run log other loss=1 >/dev/null
  eyenet -C hurt runs rm other >/dev/null
  eyenet -C hurt runs gc >/dev/null
  has hurt >found
  if cmp -s found whole; then
    finished=$((finished + 1))
  elif ! cmp -s found nothing; then
    wrong "$1: neither all nor nothing: $(diff nothing found | head -n 5)"
  fi
  whole hurt "$1"
  expect 0 eyenet -C hurt bundle import first.bundle
  has hurt >found
  cmp -s found whole || wrong "$1 and repeated: $(diff whole found | head -n 5)"
}

cut=0 finished=0
rm -rf hurt && cp -r empty hurt
expect 0 env LD_PRELOAD="$library" EN_KILL_COUNT="$scratch/calls" eyenet -C hurt bundle import first.bundle
calls=$(cat calls)
tried=0
for at in $(seq 1 "$every" "$calls"); do
  tried=$((tried + 1))
  rm -rf hurt && cp -r empty hurt
  { run env LD_PRELOAD="$library" EN_KILL_AT="$at" eyenet -C hurt bundle import first.bundle; } 2>shell
  [ "$code" -eq 0 ] || cut=$((cut + 1))
  killed "import killed at call $at of $calls"
done
echo "import: cut off $cut times of $tried, $finished times when the run was there"
[ "$cut" -ge $((tried - 1)) ] || wrong "import: cut off $cut times of $tried"

# An export that is cut off leaves the file that was there.
cp first.bundle kept
expect 0 env LD_PRELOAD="$library" EN_KILL_COUNT="$scratch/calls" eyenet -C ours bundle export first -o out.bundle
calls=$(cat calls) cut=0
for at in $(seq 1 "$calls"); do
  cp kept out.bundle
  { run env LD_PRELOAD="$library" EN_KILL_AT="$at" eyenet -C ours bundle export first -o out.bundle; } 2>shell
  [ "$code" -eq 0 ] || cut=$((cut + 1))
  rm -rf hurt && cp -r empty hurt
  expect 0 eyenet -C hurt bundle import out.bundle
done
echo "export: cut off $cut times of $calls"

# A limit on the size of files stands for a full disk.
for room in 1 4 9 40 200; do
  rm -rf hurt && cp -r empty hurt
  run bash -c "ulimit -f $room; trap '' XFSZ; exec eyenet -C hurt bundle import first.bundle"
  [ "$code" -eq 75 ] || [ "$code" -eq 0 ] || wrong "import with $room KiB ended with $code: $(cat err)"
  [ "$code" -eq 0 ] || grep -q '^eyenet: ' err || wrong "import with $room KiB says nothing"
  has hurt >found
  cmp -s found nothing || [ "$code" -eq 0 ] || wrong "import with $room KiB left something: $(diff nothing found)"
done

# One bit at a time, spread over the file, and the file cut at as many places: refused in one line, and nothing is left.
size=$(stat -c %s first.bundle)
rm -rf hurt && cp -r empty hurt
turned=0
for i in $(seq 0 59); do
  at=$((size * i / 60 + i % 7))
  cp first.bundle turned.bundle
  byte=$(od -An -tu1 -j "$at" -N 1 turned.bundle)
  printf "\\x$(printf %x $((byte ^ (1 << (i % 8)))))" | dd of=turned.bundle bs=1 seek="$at" conv=notrunc status=none
  run eyenet -C hurt bundle import turned.bundle
  if [ "$code" -eq 0 ]; then # in a field of the zip that says nothing
    has hurt >found
    cmp -s found whole || wrong "bit $((i % 8)) of byte $at was turned, and the run is another one"
    rm -rf hurt && cp -r empty hurt
    continue
  fi
  turned=$((turned + 1))
  [ "$code" -eq 3 ] || wrong "byte $at turned: ended with $code: $(cat err)"
  [ "$(grep -c '^eyenet: ' err)" -eq 1 ] || wrong "byte $at turned: no line or several: $(cat err)"
  head -c "$at" first.bundle >cut.bundle
  run eyenet -C hurt bundle import cut.bundle
  [ "$code" -eq 3 ] || wrong "cut at $at: ended with $code: $(cat err)"
done
has hurt >found
cmp -s found nothing || wrong "damaged bundles left something: $(diff nothing found)"
echo "turned bits: $turned of 60 refused"
[ "$turned" -ge 50 ] || wrong 'turned bits were let in'
finish
