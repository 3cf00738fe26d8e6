#!/usr/bin/env bash
# Many processes at one catalog:
#   1. PROCESSES of 'run log' that write for SECONDS, each line a metric, to runs that several of them share: none fails, and
#      every line is there, once;
#   2. two trainings, an evaluation that is repeated and a reader that is: none fails, and the trainings' metrics are those
#      of one that was alone.
#   crowd.sh PROGRAM [PROCESSES] [SECONDS]
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"
processes=${2:-32} seconds=${3:-60}

draw_eyes 20 160
project p trained

# Process I writes metrics mI of run log-(I mod 8), one line every 5 ms, as long as it may.
write() {
  local i=$1 n=0 end=$((SECONDS + seconds))
  while [ "$SECONDS" -lt "$end" ]; do
    n=$((n + 1))
    echo "step=$n m$i=$n"
    sleep 0.005
  done
  echo "$n" >"written.$i"
}
log=()
for i in $(seq 1 "$processes"); do
  (write "$i" | eyenet -C p run log "log-$((i % 8))" -q >"log.$i" 2>&1) &
  log+=($!)
done
failed=0
for i in $(seq 1 "$processes"); do
  code=0
  wait "${log[$((i - 1))]}" || code=$?
  [ "$code" -eq 0 ] || { failed=$((failed + 1)) && wrong "process $i ended with $code: $(cat "log.$i")"; }
done
written=0
for i in $(seq 1 "$processes"); do
  of=$(cat "written.$i")
  written=$((written + of))
  kept=$(number p "SELECT count(DISTINCT value) AS n FROM metrics WHERE run = 'log-$((i % 8))' AND metric = 'm$i' AND step = value")
  [ "$kept" = "$of" ] || wrong "process $i wrote $of rows, and $kept are kept"
done
kept=$(number p "SELECT count(*) AS n FROM metrics WHERE run LIKE 'log-%'")
[ "$kept" = "$written" ] || wrong "$written rows were written, and $kept are kept"
whole p "$processes processes that log"
echo "1. $processes processes logged for $seconds s: $failed failed, $written rows written, $kept kept"

# Two trainings, an evaluation and a reader.
epochs=$((seconds * 400))
train=(--model tiny.net --subset small --target eye --epochs "$epochs" --patience 0 -q)
eyenet -C p train "${train[@]}" --name one >out.1 2>&1 &
one=$!
eyenet -C p train "${train[@]}" --name two >out.2 2>&1 &
two=$!
again() { # NAME COMMAND...: repeats it until the trainings have ended
  local name=$1 n=0
  shift
  while kill -0 "$one" 2>/dev/null || kill -0 "$two" 2>/dev/null; do
    "$@" >"out.$name" 2>"err.$name" </dev/null || {
      echo "$? $(cat "err.$name")" >>"failed.$name"
    }
    n=$((n + 1))
  done
  echo "$n" >"times.$name"
}
again evaluation eyenet -C p evaluate first -q &
evaluation=$!
again reader eyenet -C p sql "SELECT run, count(*), max(epoch), avg(value) FROM metrics GROUP BY run" &
reader=$!
for process in "$one" "$two"; do
  code=0
  wait "$process" || code=$?
  [ "$code" -eq 0 ] || wrong "a training ended with $code: $(cat out.1 out.2)"
done
wait "$evaluation" "$reader"
for name in evaluation reader; do
  [ ! -e "failed.$name" ] || wrong "the $name failed $(wc -l <"failed.$name") times of $(cat "times.$name"): $(head -n 1 "failed.$name")"
done
project alone chosen
expect 0 eyenet -C alone train "${train[@]}" --name one
weights() { number "$1" "SELECT sha256 AS s FROM checkpoint JOIN run USING (run_id) WHERE name = '$2'"; }
figures() {
  eyenet -C "$1" sql --csv "SELECT part, metric, epoch, step, value FROM metrics WHERE run = '$2' AND part <> '' ORDER BY 1, 2, 3"
}
figures alone one >wanted
for name in one two; do
  [ "$(weights p $name)" = "$(weights alone one)" ] || wrong "training $name has other weights than one that was alone"
  figures p $name >found
  diff wanted found >difference || wrong "training $name has other metrics than one that was alone: $(head -n 3 difference)"
done
kept=$(number p "SELECT count(*) AS n FROM evaluation")
[ "$kept" = "$(cat times.evaluation)" ] || wrong "$(cat times.evaluation) evaluations ended well, and $kept are kept"
whole p "two trainings, evaluations and a reader"
echo "2. two trainings of $epochs epochs, $(cat times.evaluation) evaluations and $(cat times.reader) queries beside them"
finish
