# Ctrl-C: training stops after saving, and the run says so; the same for other work.
eyes_project
# interrupt_at TEXT STREAM COMMAND...: reads what the command says on that stream (1 or 2), interrupts it at the first line
# that begins with the text, and tells how it ended.
interrupt_at() {
  local text=$1 stream=$2 process line code=0
  shift 2
  [ -p "$SAID/pipe" ] || mkfifo "$SAID/pipe"
  if [ "$stream" -eq 1 ]; then
    env --default-signal=INT "$@" >"$SAID/pipe" 2>"$SAID/err" &
  else
    env --default-signal=INT "$@" >/dev/null 2>"$SAID/pipe" &
  fi
  process=$!
  exec 3<"$SAID/pipe"
  while IFS= read -r line <&3 && [[ $line != "$text"* ]]; do :; done
  kill -INT $process
  cat <&3 >"$SAID/rest" # what it says after that, to its end
  wait $process || code=$?
  [ "$stream" -eq 1 ] || mv "$SAID/rest" "$SAID/err"
  tail -n 1 "$SAID/err" | sed -E 's/epoch [0-9]+/epoch N/'
  echo "[$code]"
}
interrupt_at 'epoch   2' 2 eyenet train --subset small --model ../tiny.net --target eye --epochs 5000 --patience 0 --name stopped
show "eyenet sql \"SELECT run, state, epochs >= 2 AS epochs_done, best_epoch >= 1 AS has_best FROM runs WHERE run = 'stopped'\""
show 'eyenet predict stopped ../eyes/train/1_left.jpeg >/dev/null'
show 'eyenet doctor --csv | grep -vE "^(ok|note,sqlite)"'
show 'find . -name "*.part*"'
# A query that gives 50,000 rows and then counts for ever.
query='WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 50000), endless(i) AS (SELECT 1 UNION ALL SELECT i + 1
  FROM endless) SELECT i FROM n UNION ALL SELECT count(*) FROM endless'
interrupt_at 40000 1 eyenet sql --csv "$query"
