#!/usr/bin/env bash
# A training on real photographs, trained again by 'reproduce': the same weights and metrics to the last bit, with any number
# of threads. With other kernels the outcome may differ, and then the instruction set is named as the cause.
set -euo pipefail
eyenet=$(realpath "$1")
data=${EYENET_TEST_DATA:-}/kaggle-256
if [ ! -f "$data/photos.zip" ]; then
  echo "SKIPPED: EYENET_TEST_DATA names no folder with kaggle-256/photos.zip"
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset EYENET_ISA
run() { echo "\$ eyenet $*"; "$eyenet" "$@"; }
number() { "$eyenet" sql --csv "$1" | tail -n 1; }
wrong() { echo "wrong: $*" && exit 1; }

run init "$scratch/project"
cd "$scratch/project"
run fetch "$data/photos.zip" -q
run ingest --recipe 'crop=retina size=64' -q
run label import "$data/labels.csv" --unknown skip -q
run split main --test 0.2 --val 0.2 --seed 1 -q
run augment plain -q
run subset eyes "SELECT variant_id FROM variants WHERE part = 'train' AND mirror = 0 AND rotation = 0"
# With all that draws random numbers or has a state.
printf '%s\n' 'input 64x64x3 scale 1/255' 'conv 16 3x3 stride 2' 'batchnorm relu' 'conv 24 3x3 relu' 'maxpool 2' \
  'dense 32 relu' 'dropout 0.3' 'dense classes softmax' >"$scratch/real.net"
run train --model "$scratch/real.net" --subset eyes --target 'grade >= 2' --name first --epochs 3 --augment strong --batch 32 \
  --threads 2 -q
n=$(number "SELECT count(*) FROM images WHERE status = 'accepted'")

same=$(number "SELECT sha256 FROM checkpoint JOIN run USING (run_id) WHERE name = 'first' AND kind = 'best'")
for threads in 2 1 3; do
  run reproduce first --name "threads_$threads" --threads "$threads" --json >outcome.json || wrong "$threads threads: $(cat outcome.json)"
  grep -q '"outcome": *"identical"' outcome.json || wrong "$threads threads: $(cat outcome.json)"
  again=$(number "SELECT sha256 FROM checkpoint JOIN run USING (run_id) WHERE name = 'threads_$threads' AND kind = 'best'")
  [ "$again" = "$same" ] || wrong "$threads threads: weights $again, not $same"
  echo "$threads threads: identical, $same"
done

# Other kernels than those of the first run: said, if their numbers are others.
isa=$(number "SELECT isa FROM runs WHERE run = 'first'")
other=generic
[ "$isa" != generic ] || other=ref
code=0
EYENET_ISA=$other run reproduce first --name other_isa --json >outcome.json || code=$?
cat outcome.json
[ "$(number "SELECT isa FROM runs WHERE run = 'other_isa'")" = "$other" ] || wrong "it was not trained with $other"
grep -q "isa $isa, now $other" outcome.json || wrong "the instruction sets are not named: $(cat outcome.json)"
if [ "$code" -eq 0 ]; then
  grep -q '"outcome": *"identical"' outcome.json || wrong "it says different and ends with 0"
  echo "$isa and $other: identical"
else
  grep -q '"outcome": *"different"' outcome.json || wrong "it ended with $code: $(cat outcome.json)"
  echo "$isa and $other: different, and it says so"
fi
echo "real photographs accepted: $n"
