#!/usr/bin/env bash
# litert.sh PROGRAM BUILD [COUNT, 10]: LiteRT's interpreter gives the probabilities of `predict` within 1e-4 on COUNT photographs
# from the files of `export litert`: for every built-in network, and for every kind of layer, output and calibration.
set -euo pipefail
eyenet=$1 build=$2 count=${3:-10}
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/consumers/venv.sh"
venv litert ai-edge-litert==2.3.0 numpy==2.2.6
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$eyenet" -q phantom "$scratch/eyes" --patients $((count / 2 + 5)) --seed 5 >/dev/null
mapfile -t photographs < <(find "$scratch/eyes" -name '*.jpeg' | sort)

check() { # NETWORK CLASSES CALIBRATION
  printf '%s %s %s ' "$(basename "$1")" "$2" "$3"
  "$build/tests/consumers/exported" "$1" "$2" "$3" litert "$scratch/model.tflite" "$scratch/pixels" "$scratch/wanted" \
    "$count" "${photographs[@]}"
  "$python" "$source/tests/consumers/export/litert_check.py" "$scratch/model.tflite" "$scratch/pixels" "$scratch/wanted" \
    "$2" 2>"$scratch/said" || { cat "$scratch/said" >&2; exit 1; } # the interpreter says which kernels it takes
}

every=$source/tests/consumers/export/every.net
sed 's/^softmax/ordinal/' "$every" >"$scratch/ordinal.net"
sed 's/^avgpool 3 stride 1 pad 1/avgpool 3 stride 1 pad 2/' "$every" >"$scratch/apart.net" # padding that LiteRT has no word for
sed -e 's|scale 1/200|scale 1/2|' -e '/ as a$/a relu6' "$every" >"$scratch/wide.net" # values above 6
for calibration in none prior temperature cumulative; do
  check "$every" 5 "$calibration"
  check "$scratch/ordinal.net" 5 "$calibration"
done
check "$every" 2 platt
check "$scratch/ordinal.net" 2 platt
check "$scratch/apart.net" 3 none
check "$scratch/wide.net" 3 none
for net in "$source"/examples/models/*.net; do
  check "$(basename "$net" .net)" 2 platt
done
