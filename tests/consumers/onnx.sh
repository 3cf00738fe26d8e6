#!/usr/bin/env bash
# onnx.sh PROGRAM BUILD [COUNT, 10]: ONNX files pass onnx's full check, and ONNX Runtime gives the probabilities of `predict`
# within 1e-5 on COUNT photographs: for every built-in network, and for every kind of layer, output and calibration.
set -euo pipefail
eyenet=$1 build=$2 count=${3:-10}
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/consumers/venv.sh"
venv onnx onnx==1.17.0 onnxruntime==1.20.1 numpy
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$eyenet" -q phantom "$scratch/eyes" --patients $((count / 2 + 5)) --seed 5 >/dev/null
mapfile -t photographs < <(find "$scratch/eyes" -name '*.jpeg' | sort)

check() { # NETWORK CLASSES CALIBRATION [COUNT]
  printf '%s %s %s ' "$(basename "$1")" "$2" "$3"
  "$build/tests/consumers/exported" "$1" "$2" "$3" onnx "$scratch/model.onnx" "$scratch/pixels" "$scratch/wanted" \
    "${4:-$count}" "${photographs[@]}"
  "$python" "$source/tests/consumers/export/onnx_check.py" "$scratch/model.onnx" "$scratch/pixels" "$scratch/wanted" "$2"
}

every=$source/tests/consumers/export/every.net
sed 's/^softmax/ordinal/' "$every" >"$scratch/ordinal.net"
for calibration in none prior temperature cumulative; do
  check "$every" 5 "$calibration"
  check "$scratch/ordinal.net" 5 "$calibration"
done
check "$every" 2 platt
check "$scratch/ordinal.net" 2 platt
for net in "$source"/examples/models/*.net; do
  check "$(basename "$net" .net)" 2 platt
done
