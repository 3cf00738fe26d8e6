#!/usr/bin/env bash
# fetch, ingest, labels, split, train, evaluate and report on real photographs; left eye against right eye is learned from
# them, with a test AUC of 0.9 at least. Every photograph is accounted for.
set -euo pipefail
eyenet=$1
data=${EYENET_TEST_DATA:-}/kaggle-1024
if [ ! -f "$data/train.zip.001" ]; then
  echo "SKIPPED: EYENET_TEST_DATA names no folder with kaggle-1024/train.zip.001"
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
run() { echo "\$ eyenet $*"; "$eyenet" "$@"; }
number() { "$eyenet" sql --csv "$1" | tail -n 1; }

run init "$scratch/project"
cd "$scratch/project"
run fetch "$data/train.zip.001"
run ingest --recipe 'crop=retina size=128'
run label import "$data/labels.csv"
run label import "$data/quality.csv" --column gradable
run split main --test 0.25 --val 0.1 --stratify grade --seed 1
run augment plain
[ "$(number 'SELECT count(*) FROM images')" = 960 ]
[ "$(number "SELECT count(*) FROM images WHERE status NOT IN ('accepted', 'rejected')")" = 0 ]
for black in 766_left 669_left 551_left; do
  [ "$(number "SELECT status FROM images WHERE image = '$black'")" = rejected ]
done
[ "$(number 'SELECT count(*) FROM leakage')" = 0 ] || { echo "patients leak"; exit 1; }

run subset eyes "SELECT variant_id FROM variants WHERE part = 'train' AND mirror = 0 AND rotation = 0"
run train --model eye --subset eyes --target eye --name eye --epochs 20 --patience 6 --seed 1
run evaluate eye --part test --json >"$scratch/evaluation.json"
cat "$scratch/evaluation.json"
run report eye
[ -s runs/eye/report.html ]
auc=$(number "SELECT auc(score, truth) FROM predictions WHERE run = 'eye' AND part = 'test'")
echo "left or right, test AUC $auc"
awk -v auc="$auc" 'BEGIN { exit !(auc >= 0.9) }'
