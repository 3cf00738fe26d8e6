#!/usr/bin/env bash
# A command that computes nothing starts no thread: OpenBLAS, which by itself starts one per further processor when it is
# loaded, is asked for one (src/cli/main.c), and the dynamic linker takes the program's answer.
#   idle.sh PROGRAM
set -euo pipefail
program=$1
bindings=$(LD_DEBUG=bindings "$program" version 2>&1 >/dev/null)
asked=$(grep -F "symbol \`openblas_num_threads_env'" <<<"$bindings") || { echo "this OpenBLAS has no threads"; exit 77; }
if ! grep -qE 'to [^ ]*eyenet \[0\]: normal symbol' <<<"$asked"; then
  echo "OpenBLAS takes its number of threads from elsewhere: $asked"
  exit 1
fi
