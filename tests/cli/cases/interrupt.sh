# Ctrl-C: training stops after saving, and the run says so; the same for other work.
eyes_project
# Starts "$@", interrupts it once its output has the text $1, and tells how it ended.
interrupt_at() {
  local text=$1 process code=0
  shift
  : >"$SAID/err" # there before anybody looks into it
  env --default-signal=INT "$@" >"$SAID/out" 2>"$SAID/err" &
  process=$!
  for _ in $(seq 1 600); do
    grep -q "$text" "$SAID/err" && break
    sleep 0.05
  done
  kill -INT $process
  wait $process || code=$?
  tail -n 1 "$SAID/err" | sed -E 's/epoch [0-9]+/epoch N/'
  echo "[$code]"
}
interrupt_at 'epoch   2' eyenet train --subset small --model ../tiny.net --target eye --epochs 5000 --patience 0 --name stopped
show "eyenet sql \"SELECT run, state, epochs >= 2 AS epochs_done, best_epoch >= 1 AS has_best FROM runs WHERE run = 'stopped'\""
show 'eyenet predict stopped ../eyes/train/1_left.jpeg >/dev/null'
show 'eyenet doctor --csv | grep -vE "^(ok|note,sqlite)"'
show 'find . -name "*.part*"'
env --default-signal=INT eyenet sql 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n' 2>"$SAID/err" &
process=$!
sleep 1
kill -INT $process
code=0
wait $process || code=$?
echo "$(cat "$SAID/err") [$code]"
