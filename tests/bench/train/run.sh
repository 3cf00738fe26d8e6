#!/usr/bin/env bash
# Training speed beside PyTorch's, in turn on the same cores:
#   PYTHON=venv/bin/python tests/bench/train/run.sh [MODEL [BATCH [THREADS [ROUNDS [STEPS [PEERS]]]]]]
# MODEL eyenet3 unless told, or another of examples/models; batch 16, 2 threads, 5 rounds of 6 steps. PYTHON has PyTorch
# (pip install torch). PEERS: PyTorch's layouts, "nchw nhwc" unless told; nchw-bf16 and nhwc-bf16 autocast to bfloat16.
# Prints images/s: the median of all steps and the slowest and fastest round's median; the ratio is to the fastest peer
# in 32 bits. Leave the machine alone meanwhile.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
model=${1:-eyenet3} batch=${2:-16} threads=${3:-2} rounds=${4:-5} steps=${5:-6} peers=${6:-nchw nhwc}
python=${PYTHON:-python3}
build=${BUILD:-$root/build/bench}
unset OPENBLAS_CORETYPE OPENBLAS_NUM_THREADS

cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build "$build" --target bench_train >/dev/null
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# PyTorch frees and takes its tensors anew in every step: let glibc keep them, on huge pages, not give them back.
tuned=glibc.malloc.mmap_threshold=17179869184:glibc.malloc.trim_threshold=17179869184:glibc.malloc.hugetlb=1
for round in $(seq "$rounds"); do
  "$build/tests/bench/train/bench_train" "$model" "$batch" "$threads" "$steps" \
    >"$out/eyenet.$round" 2>"$out/eyenet.says"
  for peer in $peers; do
    GLIBC_TUNABLES=$tuned "$python" "$here/bench_train.py" "$root/examples/models/$model.net" "$batch" "$threads" "$steps" \
      "$peer" >"$out/$peer.$round" 2>"$out/$peer.says"
  done
done

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
speed() { awk -v n="$batch" '{ printf "%.2f", n / $1 }'; }
printf '%s, batch %s, %s threads, %s rounds of %s steps, %s\n' \
  "$model" "$batch" "$threads" "$rounds" "$steps" "$(date +%F)"
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
printf '%s, load %s\n\n' "$cpu" "$(cut -d' ' -f1 /proc/loadavg)"
printf '| program | img/s, median | slowest round | fastest round |\n|---|---|---|---|\n'
best=0
for who in eyenet $peers; do
  all=$(cat "$out/$who".[0-9]* | median | speed)
  each=$(for round in $(seq "$rounds"); do median <"$out/$who.$round" | speed; echo; done | sort -n)
  printf '| %s | %s | %s | %s |\n' "$(tail -n 1 "$out/$who.says")" "$all" \
    "$(head -n 1 <<<"$each")" "$(tail -n 1 <<<"$each")"
  case $who in
  eyenet) eyenet=$all ;;
  *bf16) ;;
  *) best=$(awk -v a="$all" -v b="$best" 'BEGIN { print a > b ? a : b }') ;;
  esac
done
awk -v a="$eyenet" -v b="$best" 'BEGIN { if (b > 0) printf "\neyenet / the faster layout of torch: %.2f\n", a / b }'
