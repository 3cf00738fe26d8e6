#!/usr/bin/env bash
# Ctrl-C and SIGTERM at several points of the work: exit 130 and one line, or the work was done; then the command given again
# completes it.
#   stop.sh PROGRAM
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"

# How far the work on the project "hurt" has come: bytes of samples, epochs with metrics.
progress_ingest() { find hurt/samples -name '*.pack*' -printf '%s\n' 2>/dev/null | awk '{ sum += $1 } END { print sum + 0 }'; }
progress_train() { number hurt "SELECT coalesce(max(epoch), 0) AS n FROM metrics" 2>/dev/null || echo 0; }
progress_phantom() { find drawn -name '*.jpeg' 2>/dev/null | wc -l; }

# stopped_at SIGNAL WHAT PROGRESS COMMAND...: one signal as soon as the work has come so far, however long that takes.
stopped_at() {
  local signal=$1 what=$2 wanted=$3 pid deadline=$((SECONDS + 200))
  shift 3
  env --default-signal=INT "$@" >out 2>err </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null && [ "$("progress_$what")" -lt "$wanted" ] && [ "$SECONDS" -lt "$deadline" ]; do
    sleep 0.002
  done
  kill -s "$signal" "$pid" 2>/dev/null || true
  code=0
  wait "$pid" || code=$?
}

# stops WHAT BEFORE COMMAND...: on the project "hurt", a copy of BEFORE.
stops() {
  local what=$1 before=$2 stopped=0 all i signal
  shift 2
  rm -rf hurt && cp -r "$before" hurt
  expect 0 "$@"
  all=$("progress_$what")
  rows hurt >"$what.rows"
  for i in 0 1 2 3 4; do
    at=$((all * i / 6 + 1))
    signal=INT
    [ $i -ne 3 ] || signal=TERM
    rm -rf hurt && cp -r "$before" hurt
    stopped_at $signal "$what" "$at" "$@"
    ended=$code
    case $ended in
    0) ;;
    130)
      stopped=$((stopped + 1))
      [ "$(grep -c '^eyenet: interrupted' err)" -eq 1 ] || wrong "$what stopped at $at says: '$(cat err)'"
      ;;
    *) wrong "$what stopped at $at ended with $ended: $(cat err)" ;;
    esac
    whole hurt "$what stopped at $at"
    half=$(find hurt -name '*.part*')
    [ -z "$half" ] || wrong "$what stopped at $at left $half"
    [ "$(type -t "after_$what")" != function ] || "after_$what" "stopped at $at"
    expect 0 "$@"
    same hurt "$what.rows" "$what stopped at $at and repeated"
  done
  echo "$what: stopped $stopped times"
  [ "$stopped" -gt 0 ] || wrong "$what: never stopped"
}

draw_eyes 60 240
project fetched fetched
stops ingest fetched eyenet -C hurt ingest --recipe 'crop=retina size=128' -q

project chosen chosen
after_train() {
  local state
  state=$(eyenet -C hurt sql --csv "SELECT state || ' ' || (SELECT count(*) FROM checkpoint k
    WHERE k.run_id = runs.run_id) AS state FROM runs" | tail -n +2)
  case $ended-$state in
  0-'finished 1' | 130-'interrupted 2' | 130-'') ;; # '': before it began
  *) wrong "train $1: ended with $ended, the run is '$state'" ;;
  esac
}
stops train chosen eyenet -C hurt train --model tiny.net --subset small --target eye --epochs 15 --patience 0 -q

# Drawing that is stopped takes away what it drew.
stopped_at INT phantom 1 eyenet phantom drawn --patients 3000 --max-width 400 -q
[ "$code" -eq 130 ] || wrong "phantom stopped ended with $code: $(cat err)"
[ ! -e drawn ] || wrong "phantom stopped left $(find drawn | head -n 3)"
finish
