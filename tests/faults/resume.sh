#!/usr/bin/env bash
# A training that is killed, at any moment and more than once, and resumed ends with the weights, the metrics and the best
# epoch of one that was not: bit for bit. A kill is before a call that changes a file or brings one to the disk, or, by
# SIGTERM, in the middle of an epoch.
#   resume.sh PROGRAM KILL_AT_LIBRARY [KILLS]
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"
library=$scratch/kill_at.so
cp "$2" "$library"
kills=${3:-8}

{ run env LD_PRELOAD="$library" EN_KILL_AT=1 eyenet init probe; } 2>shell
if [ "$code" -ne 137 ]; then
  echo "SKIPPED: no library can be preloaded into this program: $(head -n 1 err)"
  exit 77
fi
rm -rf probe

draw_eyes 20 160
# Everything that has a state or draws random numbers: running statistics, dropout, moments, moving averages, a schedule,
# augmentation, micro-batches, class weights.
printf '%s\n' 'input 32x32x3 scale 1/255' 'conv 4 5x5 stride 2' 'batchnorm relu' 'maxpool 2' 'dense 8 relu' \
  'dropout 0.3' 'dense classes softmax' >all.net
project chosen chosen
train=(--model all.net --subset small --target eye --epochs 9 --patience 4 --batch 8 --micro-batch 3 --clip 2 --name again
  --optimiser 'sgd momentum 0.8 nesterov decay 0.001 average 0.9' --augment strong --target 'patient % 2'
  --schedule 'cosine warmup 0.1' --lr 0.02 -q)

# What a training leaves, of the newest attempt at each epoch.
outcome() {
  eyenet -C "$1" sql --csv "
    SELECT 'weights' AS what, json_array(kind, epoch, step, sha256) AS row FROM checkpoint
    UNION ALL SELECT 'run', json_array(state, epochs, best_epoch) FROM runs
    UNION ALL SELECT 'step', json_array(step, epoch, images, loss, learning_rate) FROM steps
    UNION ALL SELECT 'calibration', value FROM params WHERE param = 'calibration'
    UNION ALL SELECT 'metric', json_array(part, metric, epoch, step, value) FROM metrics m WHERE part <> '' AND attempt =
      (SELECT max(n.attempt) FROM metrics n WHERE (n.part, n.metric, n.epoch) = (m.part, m.metric, m.epoch))
    ORDER BY 1, 2"
}
# An epoch that was done again was done alike.
alike() {
  number "$1" "SELECT count(*) AS n FROM (SELECT 1 FROM metrics WHERE part <> '' GROUP BY part, metric, epoch
    HAVING count(DISTINCT value) > 1 OR count(DISTINCT step) > 1)"
}

cp -r chosen whole_one
expect 0 env LD_PRELOAD="$library" EN_KILL_COUNT="$scratch/calls" eyenet -C whole_one train "${train[@]}"
calls=$(cat "$scratch/calls")
outcome whole_one >wanted
[ "$(grep -c '^weights' wanted)" -eq 1 ] || wrong "a finished run keeps more than its weights: $(cat wanted)"
[ ! -e whole_one/runs/again/last.safetensors ] || wrong 'a finished run keeps its state'

# One attempt, killed before that call, which is how the next one is killed as well.
attempt() {
  local at=$1
  shift
  { run env LD_PRELOAD="$library" EN_KILL_AT="$at" eyenet -C hurt train "$@"; } 2>"$scratch/shell"
  case $code in 0 | 137) ;; *) wrong "killed at call $at it ended with $code: $(cat err)" ;; esac
}

cut=0
for i in $(seq 1 "$kills"); do
  rm -rf hurt && cp -r chosen hurt
  at=$((calls * (2 * i - 1) / (2 * kills) + 1))
  attempt "$at" "${train[@]}"
  [ "$code" -eq 0 ] || cut=$((cut + 1))
  what="killed at call $at"
  if [ "$code" -ne 0 ] && [ $((i % 3)) -ne 0 ] && [ "$(number hurt "SELECT count(*) AS n FROM run WHERE state <> 'finished'")" = 1 ]; then
    attempt $((at / 3 + 20)) --resume auto -q # while it is resumed
    what+=" and at call $((at / 3 + 20)) of the next attempt"
  fi
  whole hurt "$what"
  if [ "$(number hurt "SELECT count(*) AS n FROM runs WHERE state = 'finished'")" = 0 ]; then
    expect 0 eyenet -C hurt train "${train[@]}"
  else
    refused 3 "there is a run 'again' already" eyenet -C hurt train "${train[@]}" # which clears up
  fi
  outcome hurt >found
  diff wanted found >difference || wrong "$what and resumed: another outcome: $(head -n 5 difference)"
  [ "$(alike hurt)" -eq 0 ] || wrong "$what: an epoch done again has other metrics"
  half=$(find hurt/runs -name '*.part*' -o -name '*.next' -o -name 'last.*')
  [ -z "$half" ] || wrong "$what left $half"
done
echo "killed $cut times of $kills"
[ "$cut" -gt 0 ] || wrong 'never killed'

# SIGTERM saves in the middle of an epoch, and the time limit too.
long=(--model all.net --subset small --target eye --epochs 200 --patience 0 --batch 2 --name long -q
  --optimiser 'adam average 0.9' --augment strong --target 'patient % 2')
rm -rf whole_one && cp -r chosen whole_one
expect 0 eyenet -C whole_one train "${long[@]}"
outcome whole_one >wanted
rm -rf hurt && cp -r chosen hurt
middle=0
for i in 1 2 3; do
  eyenet -C hurt train "${long[@]}" >out 2>err &
  trainer=$!
  until [ "$(number hurt "SELECT count(*) AS n FROM run WHERE name = 'long' AND state = 'running'")" = 1 ] ||
    ! kill -0 "$trainer" 2>/dev/null; do
    sleep 0.02
  done
  sleep "0.$((i + 1))"
  kill -TERM "$trainer" 2>/dev/null || true
  code=0
  wait "$trainer" || code=$?
  case $code in
  130) grep -q "eyenet train --resume long" err || wrong "stopped, it does not say how to go on: $(cat err)" ;;
  0) break ;;
  *) wrong "stopped by SIGTERM it ended with $code: $(cat err)" ;;
  esac
  state=$(number hurt "SELECT count(*) AS n FROM checkpoint WHERE kind = 'last' AND step % 10 <> 0")
  middle=$((middle + state))
done
unfinished() { [ "$(number hurt "SELECT count(*) AS n FROM run WHERE name = 'long' AND state <> 'finished'")" = 1 ]; }
! unfinished || expect 0 eyenet -C hurt train --resume long -q
outcome hurt >found
diff wanted found >difference || wrong "stopped and resumed: another outcome: $(head -n 5 difference)"
rm -rf hurt && cp -r chosen hurt
run eyenet -C hurt train "${long[@]}" --time-limit 0.05
case $code in
130) grep -q 'interrupted by the time limit' err || wrong "the time limit says: $(cat err)" ;;
*) wrong "the time limit ended with $code: $(cat err)" ;;
esac
expect 0 eyenet -C hurt train --resume long -q
outcome hurt >found
diff wanted found >difference || wrong "stopped by the time limit and resumed: another outcome: $(head -n 5 difference)"
echo "stopped within an epoch $middle times"

# What cannot be resumed says why.
refused 2 'is missing' eyenet -C hurt train -q
refused 2 'mutually exclusive' eyenet -C hurt train --resume long --lr 0.1
refused 3 'has finished' eyenet -C hurt train --resume long
refused 3 'none was stopped' eyenet -C hurt train --resume auto
run eyenet -C hurt train "${long[@]}" --name other --time-limit 0.0001
[ "$code" -eq 130 ] || wrong "the shortest time limit ended with $code"
refused 3 'learning_rate was 0.001, not 0.01' eyenet -C hurt train "${long[@]}" --name other --lr 0.01
finish
