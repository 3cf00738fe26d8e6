#!/usr/bin/env bash
# A training that gets kill -9 at random moments, by the clock and not before a chosen call as in resume.sh, and is resumed
# ends with the weights and the metrics of one that was left alone:
#   1. trainings, each killed at a random moment and, every second one, again while it is resumed, until KILLS were killed;
#   2. one training that is killed KILLS times.
#   kill_nine.sh PROGRAM [KILLS] [SEED] [EPOCHS]
# 100 kills take about two minutes; what they gave is in docs/performance.md.
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"
kills=${2:-100}
RANDOM=${3:-1} # the same moments in every run of this script, as far as a clock can be asked for them

draw_eyes 20 160
# With all that has a state or draws random numbers, as in resume.sh.
printf '%s\n' 'input 32x32x3 scale 1/255' 'conv 8 5x5 stride 2' 'batchnorm relu' 'maxpool 2' 'dense 16 relu' \
  'dropout 0.3' 'dense classes softmax' >all.net
project chosen chosen
train=(--model all.net --subset small --patience 0 --batch 4 --micro-batch 3 --clip 2 --name again
  --optimiser 'sgd momentum 0.8 nesterov decay 0.001 average 0.9' --augment strong --target 'patient % 2'
  --schedule 'cosine warmup 0.1' --lr 0.02 --best last -q)

# What a training leaves: its weights, and of each metric the newest attempt's value.
outcome() {
  eyenet -C "$1" sql --csv "
    SELECT 'weights' AS what, json_array(kind, epoch, step, sha256) AS row FROM checkpoint
    UNION ALL SELECT 'run', json_array(state, epochs, best_epoch) FROM runs
    UNION ALL SELECT 'metric', json_array(part, metric, epoch, step, value) FROM metrics m WHERE part <> '' AND attempt =
      (SELECT max(n.attempt) FROM metrics n WHERE (n.part, n.metric, n.epoch) = (m.part, m.metric, m.epoch))
    ORDER BY 1, 2"
}

# Two numbers of 15 bits: a number from 0 to $1 - 1.
below() { draw=$(((RANDOM * 32768 + RANDOM) % $1)); }

# begin MS COMMAND...: runs it and kills it after so long; $code is 137 where it was killed.
begin() {
  local ms=$1 process
  shift
  "$@" >out 2>err </dev/null &
  process=$!
  sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
  kill -9 "$process" 2>/dev/null || true
  code=0
  wait "$process" 2>/dev/null || code=$?
}

# go_on: the same command again, which resumes, or begins where nothing was kept.
go_on() { expect 0 eyenet -C hurt train "${train[@]}" "${epochs[@]}"; }
finished() { [ "$(number hurt "SELECT count(*) AS n FROM run WHERE state = 'finished'")" = 1 ]; }

length=${4:-75} # epochs of one of them
epochs=(--epochs "$length")
cp -r chosen whole_one
expect 0 eyenet -C whole_one train "${train[@]}" "${epochs[@]}"
takes=$(number whole_one 'SELECT CAST(1000 * seconds AS INTEGER) + 40 AS ms FROM runs')
outcome whole_one >wanted
sha=$(grep '^weights' wanted)

cut=0 again=0 same=0 i=0
while [ "$cut" -lt "$kills" ] && [ "$i" -lt $((3 * kills)) ]; do
  i=$((i + 1))
  rm -rf hurt && cp -r chosen hurt
  below "$takes"
  begin "$draw" eyenet -C hurt train "${train[@]}" "${epochs[@]}"
  what="killed after $draw ms"
  case $code in 0) ;; 137) cut=$((cut + 1)) ;; *) wrong "$what: it ended with $code: $(cat err)" ;; esac
  if [ "$code" -eq 137 ] && [ $((i % 2)) -eq 0 ] && ! finished; then
    below "$takes"
    begin "$draw" eyenet -C hurt train "${train[@]}" "${epochs[@]}"
    what+=" and again after $draw ms"
    case $code in 0) ;; 137) again=$((again + 1)) ;; *) wrong "$what: it ended with $code: $(cat err)" ;; esac
  fi
  finished || go_on
  whole hurt "$what"
  outcome hurt >found
  if diff wanted found >difference; then
    same=$((same + 1))
  else
    wrong "$what and resumed: another outcome: $(head -n 5 difference)"
  fi
  half=$(find hurt/runs -name '*.part*' -o -name '*.next' -o -name 'last.*')
  [ -z "$half" ] || wrong "$what left $half"
done
echo "1. $i trainings of $takes ms: $cut killed, $again of them twice; $same ended with ${sha#weights,}"
[ "$cut" -ge "$kills" ] || wrong "only $cut of $i trainings were killed"

# One training, killed until it has been killed often enough; then it may finish.
epochs=(--epochs $((length * kills * 2 / 3 + length)))
rm -rf whole_one hurt && cp -r chosen whole_one && cp -r chosen hurt
expect 0 eyenet -C whole_one train "${train[@]}" "${epochs[@]}"
outcome whole_one >wanted
cut=0
while [ "$cut" -lt "$kills" ]; do
  below "$takes"
  begin "$((draw + 20))" eyenet -C hurt train "${train[@]}" "${epochs[@]}"
  case $code in
  0) break ;;
  137) cut=$((cut + 1)) ;;
  *) wrong "killed for the ${cut}th time it ended with $code: $(cat err)" && break ;;
  esac
done
finished || go_on
whole hurt "$cut kills"
outcome hurt >found
diff wanted found >difference || wrong "killed $cut times: another outcome: $(head -n 5 difference)"
sha=$(grep '^weights' found)
attempts=$(number hurt 'SELECT max(attempt) FROM metrics')
echo "2. one training of ${epochs[1]} epochs, killed $cut times, attempts $attempts: ${sha#weights,}"
finish
