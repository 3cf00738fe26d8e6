#!/usr/bin/env bash
# The original EyeNet split the 106,386 rows of its label file 80 to 20 at random, one row per variant. So split, nine test
# rows of ten have a sibling of the same photograph in train; a split of eyenet's has none. The numbers are those of the
# file and the seed, 1, and are known exactly: of 106,386 rows 21,277 are for testing.
set -euo pipefail
eyenet=$1
labels=${EYENET_TEST_DATA:-}/kaggle-dr/labels
if [ ! -f "$labels/trainLabels_master_256_v2.csv" ]; then
  echo "SKIPPED: EYENET_TEST_DATA names no folder with kaggle-dr/labels/trainLabels_master_256_v2.csv"
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for column in image train_image_name; do # the photograph's own name, and that of the variant
  code=0
  "$eyenet" split audit "$labels/trainLabels_master_256_v2.csv" --image-column $column --random 0.2 >"$scratch/text" || code=$?
  cat "$scratch/text"
  [ $code = 1 ]
  grep -q "^'test' against 'train', 21277 rows: 90.1% have a sibling of the same photograph, 99.6% one of the same patient$" "$scratch/text"
  grep -q '^106386 rows, 34723 photographs, 17383 patients; the patient is known of 106386 rows' "$scratch/text"
done

# Ours, of the same photographs.
"$eyenet" init "$scratch/project" >/dev/null
cd "$scratch/project"
"$eyenet" label import "$labels/trainLabels_master.csv" --unknown add >/dev/null
"$eyenet" split main >/dev/null
"$eyenet" sql --csv 'SELECT image, part FROM images' >ours.csv
"$eyenet" split audit ours.csv

# The competition's own test set keeps patients whole between its two parts.
"$eyenet" label import "$labels/retinopathy_solution.csv" --unknown add >/dev/null
"$eyenet" split import "$labels/retinopathy_solution.csv" --column Usage --map Public=val,Private=test --name given >"$scratch/text"
cat "$scratch/text"
grep -q '^val  *5453  *10906 ' "$scratch/text"
grep -q '^test  *21335  *42670 ' "$scratch/text"
