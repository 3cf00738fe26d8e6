#!/usr/bin/env bash
# tensorboard.sh PROGRAM BUILD: TensorBoard reads every event of `export tensorboard` and of `train --tensorboard`, with the
# numbers of the catalog; a second export replaces the first and what the training wrote.
set -euo pipefail
eyenet=$(realpath "$1")
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/consumers/venv.sh"
. "$source/tests/consumers/project.sh"
venv tensorboard tensorboard==2.19.0 'setuptools<81' pillow==11.3.0 numpy==2.2.6
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
cat >net <<'END'
input 32x32x3 scale 1/255
conv 4 5x5 stride 2 batchnorm relu as a
conv 4 3x3 pad 1 tanh
add a
squeeze-excite 2
maxpool 2
dense 8 relu
dense classes ordinal
END
drawn_project 24
{
  "$eyenet" -q split main --test 0.3 --val 0.3
  "$eyenet" -q augment seed
  "$eyenet" -q subset small "SELECT variant_id FROM variants WHERE part = 'train'"
  "$eyenet" -q train --model ../net --subset small --target grade --epochs 3 --patience 0 --name 'café "1"' --tensorboard ../live
  "$eyenet" -q evaluate 'café "1"'
} >/dev/null
"$python" "$source/tests/consumers/export/tensorboard_check.py" ../live 'café "1"' eyenet.db train
"$eyenet" -q export tensorboard last -o ../live >/dev/null
"$python" "$source/tests/consumers/export/tensorboard_check.py" ../live 'café "1"' eyenet.db export
