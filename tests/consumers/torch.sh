#!/usr/bin/env bash
# torch.sh PROGRAM BUILD: the presets and a network of every kind of layer give PyTorch's loss, gradients and learning
# curve. Needs EYENET_PYTHON, a Python with PyTorch.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
step=$2/tests/consumers/step python=${EYENET_PYTHON:-}
if [ -z "$python" ] || ! "$python" -c 'import torch' 2>/dev/null; then
  echo "SKIPPED: EYENET_PYTHON is not set to a Python with PyTorch" >&2
  exit 77
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

check() { # NETWORK CLASSES BATCH STEPS
  sed 's/^dropout .*/dropout 0/' "$1" >"$out/net.net"
  "$step" "$out/net.net" "$2" "$3" "$4" "$out/step.safetensors"
  printf '%s: ' "$(basename "$1")"
  "$python" "$here/torch/step.py" "$out/net.net" "$2" "$out/step.safetensors"
}

cat >"$out/all.net" <<'NET'
input 37x34x3 scale 1/127.5 shift -1
conv 16 5x5 pad same batchnorm relu as a
conv 32 1x1 batchnorm relu6
conv 32 3x3 depthwise pad 1 stride 2 batchnorm hswish
squeeze-excite 8
conv 16 1x1 batchnorm as b
conv 16 3x3 stride 2 pad 1 from a
add b gelu as c
conv 16 3x3 pad same leaky
conv 16 3x3 groups 4 dilation 2 pad 2 tanh
add c
maxpool 3 stride 2 pad 1
avgpool 2
conv 24 7x7 pad 3 relu
globalavgpool
dense 12 sigmoid
dense classes softmax
NET
check "$out/all.net" 3 9 50
for net in quick eye; do
  check "$here/../../examples/models/$net.net" 2 8 50
done
check "$here/../../examples/models/retina.net" 2 4 12
