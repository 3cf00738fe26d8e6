#!/usr/bin/env bash
# fhir.sh PROGRAM BUILD: `predict --fhir` is HL7 FHIR R4 to two libraries that check it, and says what `predict --csv` says: of
# grades, of two classes with a threshold, of photographs that cannot be used and of names that are no UTF-8.
set -euo pipefail
eyenet=$(realpath "$1")
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/consumers/venv.sh"
. "$source/tests/consumers/project.sh"
venv fhir fhir.resources==7.1.0 fhirclient==4.2.0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
printf '%s\n' 'input 32x32x3 scale 1/255' 'conv 4 5x5 stride 2 relu' 'maxpool 4' 'dense classes softmax' >net
drawn_project 40
{
  "$eyenet" -q split main --test 0.2 --val 0.4
  "$eyenet" -q augment plain
  "$eyenet" -q subset small "SELECT variant_id FROM variants WHERE part = 'train'"
  "$eyenet" -q train --model ../net --subset small --target grade --epochs 1 --name grades
  "$eyenet" -q train --model ../net --subset small --target eye --epochs 1 --name eyes
} >/dev/null 2>&1
mapfile -t photographs < <(find ../eyes -name '*.jpeg' | sort | head -n 7)
cp "${photographs[0]}" $'../"7\xff".jpeg'
echo 'not a photograph' >../8_left.jpeg
photographs+=($'../"7\xff".jpeg' ../8_left.jpeg)
for options in grades eyes 'eyes --at youden'; do
  # shellcheck disable=SC2086
  "$eyenet" -q predict $options --fhir "${photographs[@]}" >../bundle.json 2>/dev/null || [ $? = 3 ]
  # shellcheck disable=SC2086
  "$eyenet" -q predict $options --csv "${photographs[@]}" >../rows.csv 2>/dev/null || [ $? = 3 ]
  "$python" "$source/tests/consumers/export/fhir_check.py" ../bundle.json ../rows.csv
done
