#!/usr/bin/env bash
# coreml.sh PROGRAM BUILD [COUNT]: coremltools loads the files of `export coreml`, and an interpreter of their layers in NumPy
# gives the probabilities of `predict` within 5e-5 on COUNT photographs, for every built-in network and for every kind of
# layer, output and calibration; without COUNT on 4, and for three of the networks.
set -euo pipefail
export OPENBLAS_NUM_THREADS=1 # more of them wait for each other
eyenet=$1 build=$2 count=${3:-4}
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/consumers/venv.sh"
venv coreml coremltools==9.0 numpy==2.2.6
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$eyenet" -q phantom "$scratch/eyes" --patients $((count / 2 + 5)) --seed 5 >/dev/null
mapfile -t photographs < <(find "$scratch/eyes" -name '*.jpeg' | sort)

check() { # NETWORK CLASSES CALIBRATION
  printf '%s %s %s ' "$(basename "$1")" "$2" "$3"
  "$build/tests/consumers/exported" "$1" "$2" "$3" coreml "$scratch/model.mlmodel" "$scratch/pixels" "$scratch/wanted" \
    "$count" "${photographs[@]}"
  "$python" "$source/tests/consumers/export/coreml_check.py" "$scratch/model.mlmodel" "$scratch/pixels" "$scratch/wanted" \
    "$2" 2>"$scratch/said" || { cat "$scratch/said" >&2; exit 1; } # coremltools warns that this is not a Mac
}

every=$source/tests/consumers/export/every.net
sed 's/^softmax/ordinal/' "$every" >"$scratch/ordinal.net"
sed '2a batchnorm' "$scratch/ordinal.net" >"$scratch/apart.net" # the image is read by what cannot take its normalisation over
sed 's/gelu/tanh/' "$every" >"$scratch/first.net"               # specification version 1
for calibration in none prior temperature cumulative; do
  check "$every" 5 "$calibration"
  check "$scratch/ordinal.net" 5 "$calibration"
done
check "$scratch/first.net" 2 platt
check "$scratch/apart.net" 2 platt
for net in "$source"/examples/models/*.net; do
  name=$(basename "$net" .net)
  [[ $# -lt 3 && ! $name =~ ^(retina|efficientnet-lite0|mobilenet-v3-large)$ ]] || check "$name" 2 platt
done
