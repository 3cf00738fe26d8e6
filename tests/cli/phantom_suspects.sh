#!/usr/bin/env bash
# Drawn eyes, of which 3% of the labels are changed across 'grade >= 2': of the changed ones at least 85% are among the first 5%
# of the rows of 'eyenet suspects', by the embeddings of a network that learned from some of these very labels.
#   tests/cli/phantom_suspects.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")
scratch=$(mktemp -d "${TMPDIR:-/tmp}/eyenet-suspects.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
eyenet() { "$program" -q "$@"; }
eyenet phantom eyes --patients 400 --max-width 320 --seed 5 >/dev/null
eyenet init project
cd project
eyenet fetch ../eyes/train >/dev/null
eyenet ingest --recipe 'crop=retina size=96' >/dev/null
# Every 33rd of the photographs that were accepted: 2 in place of 0 and 1, 0 in place of the others.
eyenet sql --csv "SELECT image FROM images WHERE status = 'accepted' ORDER BY image" | tail -n +2 | awk 'NR % 33 == 7' >changed
awk -F, 'NR == FNR { changed[$1] = 1; next } $1 in changed { $2 = $2 < 2 ? 2 : 0 } { print $1 "," $2 }' changed ../eyes/trainLabels.csv >labels.csv
eyenet label import labels.csv >/dev/null
eyenet split main --test 0.5 --val 0.1 --stratify grade >/dev/null
eyenet augment plain >/dev/null
eyenet subset learned "SELECT variant_id FROM variants WHERE part = 'train'" >/dev/null
eyenet train --model quick --subset learned --target 'grade >= 2' --epochs 20 --batch 8 --lr 0.002 --seed 1 --name first >/dev/null
eyenet embed first >/dev/null
eyenet suspects --target 'grade >= 2' --top 0 --csv 2>/dev/null | tail -n +2 | cut -d, -f2 >ranked
total=$(wc -l <changed) rows=$(wc -l <ranked)
[ "$total" -ge 15 ] && [ "$rows" -gt 700 ]
found=$(head -n $((rows / 20)) ranked | grep -cxFf changed) || true
echo "$found of $total changed labels are in the first $((rows / 20)) of $rows rows"
[ $((100 * found)) -ge $((85 * total)) ]
