#!/usr/bin/env bash
# The competition's labels, less the photographs an earlier project dropped as black, make exactly the 106,386 variants of
# the original EyeNet.
set -euo pipefail
eyenet=$1
labels=${EYENET_TEST_DATA:-}/kaggle-dr/labels/trainLabels_master.csv
if [ ! -f "$labels" ]; then
  echo "SKIPPED: EYENET_TEST_DATA names no folder with kaggle-dr/labels/trainLabels_master.csv"
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$eyenet" init "$scratch/project" >/dev/null
cd "$scratch/project"
"$eyenet" label import "$labels" --unknown add
"$eyenet" augment seed
count=$("$eyenet" sql --csv 'SELECT count(*) FROM variants' | tail -n 1)
echo "$count variants"
[ "$count" = 106386 ]
"$eyenet" augment seed
again=$("$eyenet" sql --csv 'SELECT count(*) FROM variants' | tail -n 1)
[ "$again" = 106386 ]
