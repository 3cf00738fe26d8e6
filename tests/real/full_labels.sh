#!/usr/bin/env bash
# The competition's labels are 35,126, of which 25,810 are without retinopathy and 9,316 with. Less the 403 photographs that an
# earlier project dropped as black, 34,723 make exactly the 106,386 variants of the original EyeNet.
set -euo pipefail
eyenet=$1
labels=${EYENET_TEST_DATA:-}/kaggle-dr/labels/trainLabels_master.csv
if [ ! -f "$labels" ]; then
  echo "SKIPPED: EYENET_TEST_DATA names no folder with kaggle-dr/labels/trainLabels_master.csv"
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
count() { "$eyenet" sql --csv "SELECT count(*) FROM $1" | tail -n 1 | tr -d '\r'; }
"$eyenet" init "$scratch/all" >/dev/null
cd "$scratch/all"
"$eyenet" label import "${labels%_master.csv}.csv" --unknown add
[ "$(count images)" = 35126 ]
[ "$(count 'images WHERE grade = 0')" = 25810 ]
[ "$(count 'images WHERE grade > 0')" = 9316 ]
"$eyenet" init "$scratch/project" >/dev/null
cd "$scratch/project"
"$eyenet" label import "$labels" --unknown add
[ "$(count images)" = $((35126 - 403)) ]
"$eyenet" augment seed
count=$("$eyenet" sql --csv 'SELECT count(*) FROM variants' | tail -n 1)
echo "$count variants"
[ "$count" = 106386 ]
"$eyenet" augment seed
again=$("$eyenet" sql --csv 'SELECT count(*) FROM variants' | tail -n 1)
[ "$again" = 106386 ]
