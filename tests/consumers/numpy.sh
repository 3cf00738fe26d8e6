#!/usr/bin/env bash
# numpy.sh PROGRAM BUILD: NumPy reads the arrays of `export npy`, `npz` and `folder`; pixels, labels and names are those of
# the packs and of the catalog, with names that no format likes, and a killed or refused export leaves nothing behind.
set -euo pipefail
eyenet=$(realpath "$1")
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/consumers/venv.sh"
. "$source/tests/consumers/project.sh"
venv numpy numpy==2.2.6
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
hostile_names
"$eyenet" -q init p >/dev/null
cd p
{
  "$eyenet" -q fetch ../names
  "$eyenet" -q ingest --recipe 'crop=retina size=33'
  "$eyenet" -q label import ../labels.csv
  "$eyenet" -q split main --test 0.3 --val 0.2
  "$eyenet" -q augment plain
  "$eyenet" -q augment seed
  "$eyenet" -q subset every 'SELECT variant_id FROM variants'
  "$eyenet" -q export npy every -o ../X.npy --target "ifnull(grade, 'none')"
  "$eyenet" -q export npz every -o ../X.npz
  "$eyenet" -q export folder -o ../folder
} >/dev/null
"$python" "$source/tests/consumers/export/numpy_check.py" .. samples/recipe-1.pack eyenet.db
listing() { (cd .. && find . -not -path './p*' -type f -exec sha256sum {} + | sort); }
refused() { # what the message must say, then the command
  local said
  if said=$("$eyenet" -q "${@:2}" 2>&1); then
    echo "not refused: ${*:2}"
    exit 1
  fi
  [[ $said == *"$1"* ]] || { echo "$said"; exit 1; }
  [ "$before" = "$(listing)" ] || { echo "refused, but something changed: ${*:2}"; exit 1; }
}
before=$(listing)
refused 'not empty' export folder -o ../folder
refused 'nosuch' export npy every -o ../X.npy --target nosuch
refused 'one file' export npy every -o ../X.npy --labels ../X.npy
# every sample is another than the one that was made
"$python" -c 'import sys; b = bytearray(open(sys.argv[1], "rb").read()); b[4196::3328] = bytes(v ^ 1 for v in b[4196::3328]); open(sys.argv[1], "wb").write(b)' samples/recipe-1.pack
refused 'is damaged' export npy every -o ../X.npy
refused 'is damaged' export npz every -o ../X.npz
refused 'is damaged' export folder -o ../other
