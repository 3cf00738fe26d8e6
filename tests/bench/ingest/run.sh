#!/usr/bin/env bash
# Photographs a second of `eyenet ingest`, on 1 and 2 workers in turn:
#   tests/bench/ingest/run.sh EYENET PHOTOGRAPHS [ROUNDS]     PHOTOGRAPHS: a folder, or train.zip.001
# The photographs are fetched once; each round starts from a copy of that catalog, so that all is decoded, judged, cropped,
# packed and committed again. Prints the median, and the least and most of the rounds.
set -euo pipefail
eyenet=$(realpath "$1") photographs=$(realpath "$2") rounds=${3:-5}
unset OPENBLAS_CORETYPE
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$eyenet" -q init "$scratch/project" >/dev/null
cd "$scratch/project"
"$eyenet" -q fetch "$photographs" >/dev/null
count=$("$eyenet" sql --csv 'SELECT count(*) FROM member WHERE photograph' | tail -n 1)
cp eyenet.db ../fetched.db
: >../times
for _ in $(seq "$rounds"); do
  for workers in 1 2; do
    rm -rf eyenet.db* samples/*
    cp ../fetched.db eyenet.db
    from=$EPOCHREALTIME
    "$eyenet" -q ingest --workers "$workers" --recipe 'crop=retina size=256' >/dev/null
    echo "$workers $(awk -v a="$from" -v b="$EPOCHREALTIME" -v n="$count" 'BEGIN { print n / (b - a) }')" >>../times
  done
done
echo "$count photographs, crop=retina size=256, $rounds rounds, photographs/s: median (least-most)"
for workers in 1 2; do
  awk -v w="$workers" '$1 == w { print $2 }' ../times | sort -n | awk -v w="$workers" \
    '{ v[NR] = $1 } END { printf "%d worker%s  %.0f (%.0f-%.0f)\n", w, (w > 1 ? "s" : " "), v[int((NR + 1) / 2)], v[1], v[NR] }'
done
