#!/usr/bin/env bash
# Seconds and bytes of the original's augmentation as rows:
#   tests/bench/catalog/run.sh EYENET LABELS.csv [ROUNDS]     LABELS.csv: the labels to list images by
# Each round lists the images of the label file in a new catalog, then adds their variants by the policy seed. Prints the
# median, least and most seconds of whole processes, and the catalog's bytes before and after.
set -euo pipefail
eyenet=$(realpath "$1") labels=$(realpath "$2") rounds=${3:-5}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
seconds() { local from=$EPOCHREALTIME; "$@" >/dev/null; awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'; }
for _ in $(seq "$rounds"); do
  rm -rf project
  "$eyenet" -q init project >/dev/null
  echo "import $(seconds "$eyenet" -q -C project label import "$labels" --unknown add)" >>times
  before=$(stat -c %s project/eyenet.db)
  echo "augment $(seconds "$eyenet" -q -C project augment seed)" >>times
  after=$(stat -c %s project/eyenet.db)
done
echo "$("$eyenet" -C project sql --csv 'SELECT count(*) FROM images' | tail -n 1) images," \
  "$("$eyenet" -C project sql --csv 'SELECT count(*) FROM variants' | tail -n 1) variants;" \
  "catalog $before bytes before, $after after the variants"
for step in import augment; do
  awk -v s="$step" '$1 == s { print $2 }' times | sort -n | awk -v s="$step" \
    '{ v[NR] = $1 } END { printf "%-8s %.2f s (%.2f-%.2f), %d rounds\n", s, v[int((NR + 1) / 2)], v[1], v[NR], NR }'
done
