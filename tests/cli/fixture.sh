#!/usr/bin/env bash
# Makes what the cases with photographs share: drawn eyes, a project that has them as samples, and a trained run.
#   tests/cli/fixture.sh PROGRAM FOLDER
set -euo pipefail
program=$(realpath "$1")
folder=$2
rm -rf "$folder"
mkdir -p "$folder/bin"
ln -s "$program" "$folder/bin/eyenet"
export PATH="$folder/bin:$PATH" EYENET_ISA=ref EYENET_THREADS=2
cd "$folder"
eyenet phantom eyes --patients 30 --max-width 320 --seed 3 >phantom.txt
cat >tiny.net <<'END'
input 32x32x3 scale 1/255
conv 4 5x5 stride 2 relu
maxpool 2
dense 8 relu
dense classes softmax
END
eyenet init project >/dev/null
cd project
eyenet fetch ../eyes/train >../fetch.txt
eyenet ingest --recipe 'crop=retina size=32' >../ingest.txt
eyenet label import ../eyes/trainLabels.csv >../label.txt
eyenet split main --test 0.3 --val 0.2 >/dev/null
eyenet augment seed >/dev/null
eyenet subset small "SELECT variant_id FROM variants WHERE part = 'train' AND rotation = 0" >/dev/null
eyenet train --model ../tiny.net --subset small --target eye --epochs 2 --name first -q >../train.txt
