#!/usr/bin/env bash
# croissant.sh PROGRAM BUILD: mlcroissant validates and reads `export croissant`: hashes are those of the files, records those of
# the catalog, with names that no format likes, with rejected photographs and with those that were not looked at yet.
set -euo pipefail
eyenet=$(realpath "$1")
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/consumers/venv.sh"
. "$source/tests/consumers/project.sh"
venv croissant mlcroissant==1.1.1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
hostile_names
head -c 900 "${photographs[6]}" >names/12_right.jpeg
"$eyenet" -q init p >/dev/null
cd p
validate() {
  "$(dirname "$python")/mlcroissant" validate --jsonld croissant.json 2>../said || { cat ../said; exit 1; }
  "$python" "$source/tests/consumers/export/croissant_check.py" croissant.json eyenet.db 2>../said || { cat ../said; exit 1; }
}
{
  "$eyenet" -q fetch ../names
  "$eyenet" -q ingest --recipe 'crop=retina size=33'
  "$eyenet" -q label import ../labels.csv
  "$eyenet" -q export croissant
} >/dev/null
validate
{
  printf 'image,dme,odd\n12_left,2,1\n"a,""b""_left",0,\n' >../own.csv
  "$eyenet" scheme add dme 0..2 --values '0=none,2=near'
  "$eyenet" scheme add 'an "odd" name' 0..1
  "$eyenet" -q label import ../own.csv --scheme dme
  "$eyenet" -q label import ../own.csv --scheme 'an "odd" name' --column 3
} >/dev/null
"$eyenet" -q split main --test 0.3 --val 0.2 >/dev/null
"$eyenet" -q export croissant --name $'"eyes"\xff\n<&' --creator 'A "B"' --url https://example.org/ --licence x --description '\' >/dev/null
validate
