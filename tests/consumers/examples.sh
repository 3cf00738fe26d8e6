#!/usr/bin/env bash
# examples.sh PROGRAM BUILD: the scripts of examples/ run on a project and say what eyenet says: Python with NumPy; R, PyTorch
# (EYENET_PYTHON) and Swift where they are, with a line where they are not.
set -euo pipefail
eyenet=$(realpath "$1")
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/consumers/venv.sh"
venv numpy numpy==2.2.6
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
mkdir bin
ln -s "$eyenet" bin/eyenet
export PATH="$PWD/bin:$PATH"
printf '%s\n' 'input 32x32x3 scale 1/255' 'conv 4 5x5 stride 2 relu' 'maxpool 4' 'dense classes softmax' >net
eyenet -q phantom eyes --patients 40 --max-width 200 --seed 4 >/dev/null
eyenet -q init p >/dev/null
{
  eyenet -q -C p fetch "$PWD/eyes/train"
  eyenet -q -C p ingest --recipe 'crop=retina size=32'
  eyenet -q -C p label import "$PWD/eyes/trainLabels.csv"
  eyenet -q -C p split main --test 0.3 --val 0.3
  eyenet -q -C p augment even
  eyenet -q -C p subset small "SELECT variant_id FROM variants WHERE part = 'train' AND rotation = 0"
  eyenet -q -C p train --model "$PWD/net" --subset small --target 'grade >= 2' --epochs 2 --name "it's"
  eyenet -q -C p evaluate --part val
  eyenet -q -C p subset views "SELECT variant_id FROM variants WHERE part = 'test'"
  eyenet -q -C p evaluate --subset views
  eyenet -q -C p export folder -o folder
} >/dev/null 2>&1
wanted=$(eyenet -q -C p report --no-html --json | "$python" -c \
  'import json, sys; r = json.load(sys.stdin)[0]; print("AUC %.4f, n = %d photographs, %d positive" % (r["auc"], r["n"], r["positives"]))')
says() { # NAME TEXT: its output has what eyenet says
  grep -qxF "$wanted" <<<"$2" || { echo "$1 says otherwise than '$wanted': $2"; exit 1; }
  echo "$1: $wanted"
}
says catalog.py "$("$python" "$source/examples/catalog.py" p)"
if command -v Rscript >/dev/null; then
  says catalog.R "$(Rscript "$source/examples/catalog.R" p)"
else
  echo 'SKIPPED: catalog.R, as there is no Rscript (Debian: r-base-core)'
fi
if [ -n "${EYENET_PYTHON:-}" ] && "$EYENET_PYTHON" -c 'import torch, numpy' 2>/dev/null; then
  "$EYENET_PYTHON" "$source/examples/train_pytorch.py" p/folder 2 | tail -n 1 | grep -E '^AUC [01]\.[0-9]+, n = [0-9]+ photographs'
else
  "$python" -c 'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], "exec")' "$source/examples/train_pytorch.py"
  echo 'SKIPPED: train_pytorch.py is only compiled, as EYENET_PYTHON names no Python with torch'
fi
if command -v swiftc >/dev/null; then
  swiftc -parse "$source/examples/Grade.swift"
else
  echo 'SKIPPED: Grade.swift, as there is no swiftc'
fi
