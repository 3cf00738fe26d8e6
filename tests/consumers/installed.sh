#!/usr/bin/env bash
# The installed program and library work from their new place: examples/embed.c is built against them with pkg-config alone.
set -euo pipefail
build=$2
source=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cmake --install "$build" --prefix "$scratch/usr dir" >/dev/null
export PKG_CONFIG_PATH=$(dirname "$(find "$scratch/usr dir" -name eyenet.pc)")
lib=$(dirname "$(find "$scratch/usr dir" -name libeyenet.so)")
export LD_LIBRARY_PATH=$lib
pkg-config --modversion eyenet
eval "cc '$source/examples/embed.c' $(pkg-config --cflags --libs eyenet) -o '$scratch/embed'"
nm -D --defined-only "$lib/libeyenet.so" | awk '{print $3}' | grep -v '^eyenet_' && { echo "private names are exported"; exit 1; }

"$scratch/usr dir/bin/eyenet" --version
if "$scratch/embed" "$scratch/none" x 2>"$scratch/err"; then exit 1; fi
cat "$scratch/err"

"$scratch/usr dir/bin/eyenet" phantom "$scratch/eyes" --patients 12 --seed 3
"$scratch/usr dir/bin/eyenet" init "$scratch/p"
cd "$scratch/p"
eyenet() { "$scratch/usr dir/bin/eyenet" "$@"; }
eyenet fetch "$scratch/eyes/train"
eyenet ingest --recipe 'crop=retina size=32'
printf 'input 32x32x3\nconv 4 3x3 stride 2 relu\nglobalmaxpool\ndense classes softmax\n' >tiny.net
eyenet augment plain
eyenet subset all 'SELECT variant_id FROM variants'
eyenet train --model tiny.net --subset all --target eye --name first --epochs 1
"$scratch/embed" runs/first/model.safetensors "$scratch/eyes/train/1_left.jpeg"
