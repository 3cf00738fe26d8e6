#!/usr/bin/env bash
# Compiles base, kernel and nn for 64-bit Arm and runs the unit tests of kernel and nn by an emulator, or those named:
#   tests/build/neon.sh OUT [TEST...]       e.g. tests/build/neon.sh /tmp/arm kernel/parity nn/gradient
# OUT keeps what is downloaded and compiled. Needs gcc-aarch64-linux-gnu and qemu-user-static, and that apt knows the
# packages of arm64 (dpkg --add-architecture arm64 && apt-get update): their files are unpacked to OUT, none is
# installed. Not part of the CI: an emulator takes some minutes, and apt needs the network.
set -euo pipefail
out=$(mkdir -p "${1:?usage: tests/build/neon.sh OUT [TEST...]}" && cd "$1" && pwd)
shift
source=$(cd "$(dirname "$0")/../.." && pwd)
compiler=aarch64-linux-gnu-gcc
for tool in $compiler qemu-aarch64-static; do
  if ! command -v $tool >/dev/null; then
    echo "neon.sh: $tool is missing: install gcc-aarch64-linux-gnu and qemu-user-static" >&2
    exit 2
  fi
done

packages=(libopenblas-pthread-dev libopenblas0-pthread libgfortran5 libssl-dev libssl3 zlib1g-dev zlib1g libcmocka-dev
  libcmocka0 libjansson-dev libjansson4 libutf8proc-dev libutf8proc2)
if [ ! -e "$out/root/done" ]; then
  mkdir -p "$out/packages"
  (cd "$out/packages" && apt-get download "${packages[@]/%/:arm64}" librandom123-dev)
  for package in "$out"/packages/*.deb; do
    dpkg -x "$package" "$out/root"
  done
  touch "$out/root/done"
fi
lib=$out/root/usr/lib/aarch64-linux-gnu

cmake "-DOUT=$out/presets.c" "-DMODELS=$source/examples/models" -P "$source/src/nn/presets.cmake"
: >"$out/commit.h"
flags=(-std=c17 -O2 -ffp-contract=off -Wall -Wextra -Werror -D_GNU_SOURCE -DEN_HAVE_NEON=1
  "-DEN_VERSION=\"0\"" "-DEN_VERSION_DATE=\"\"" "-DEN_COMMIT=\"\""
  "-I$source/src" "-I$source/include" "-I$source/tests" "-I$out"
  -isystem "$out/root/usr/include" -isystem "$out/root/usr/include/aarch64-linux-gnu"
  -isystem "$out/root/usr/include/aarch64-linux-gnu/openblas-pthread")
link=("-L$lib" "-L$lib/openblas-pthread" "-Wl,-rpath-link,$lib" -lcmocka -ljansson -lutf8proc -lcrypto -lz
  -lopenblas -lm -lpthread)

mkdir -p "$out/objects" "$out/tests"
objects=()
for file in "$source"/src/base/*.c "$source"/src/kernel/*.c "$source"/src/nn/*.c "$out/presets.c"; do
  case $file in *avx2.c | *avx512.c) continue ;; esac
  object=$out/objects/$(basename "$(dirname "$file")")_$(basename "$file").o
  $compiler "${flags[@]}" -c "$file" -o "$object"
  objects+=("$object")
done

failed=0
if [ $# -eq 0 ]; then
  set -- kernel/{select,parity,winograd,fft} nn/{spec,network,weights,optimiser,freeze,gradient,winograd,conv}
fi
for test in "$@"; do
  extra=()
  for more in "$source/tests/unit/${test%/*}"/{toy,reference}.c; do
    [ ! -e "$more" ] || extra+=("$more")
  done
  $compiler "${flags[@]}" "-I$source/tests/unit/${test%/*}" "$source/tests/unit/${test}_test.c" "${extra[@]}" \
    "${objects[@]}" "${link[@]}" -o "$out/tests/${test//\//_}"
  echo "== $test"
  qemu-aarch64-static -L /usr/aarch64-linux-gnu \
    -E "LD_LIBRARY_PATH=/usr/aarch64-linux-gnu/lib:$lib:$lib/openblas-pthread" "$out/tests/${test//\//_}" || failed=1
done
exit $failed
