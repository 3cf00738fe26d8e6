#!/usr/bin/env bash
# Ctrl-C and SIGTERM at some moments: exit 130 and one line, or the work was done; then the command given again
# completes it.
#   stop.sh PROGRAM
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"

# stopped_after SIGNAL MILLISECONDS COMMAND...: in the foreground, so that the signal comes once; twice ends it.
stopped_after() {
  local signal=$1 after=$2
  shift 2
  run timeout --foreground --preserve-status --signal="$signal" "$(seconds "$after")" "$@"
}

# stops WHAT BEFORE COMMAND...: on the project "hurt", a copy of BEFORE.
stops() {
  local what=$1 before=$2 stopped=0 began took i signal
  shift 2
  rm -rf hurt && cp -r "$before" hurt
  began=$(now)
  expect 0 "$@"
  took=$(($(now) - began))
  rows hurt >"$what.rows"
  for i in 1 2 3 4 5; do
    at=$((took * i / 6 + 20)) # by then it listens
    signal=INT
    [ $i -ne 4 ] || signal=TERM
    rm -rf hurt && cp -r "$before" hurt
    stopped_after $signal "$at" "$@"
    ended=$code
    case $ended in
    0) ;;
    130)
      stopped=$((stopped + 1))
      [ "$(grep -c '^eyenet: interrupted' err)" -eq 1 ] || wrong "$what stopped after $at ms says: '$(cat err)'"
      ;;
    *) wrong "$what stopped after $at ms ended with $ended: $(cat err)" ;;
    esac
    whole hurt "$what stopped after $at ms"
    half=$(find hurt -name '*.part*')
    [ -z "$half" ] || wrong "$what stopped after $at ms left $half"
    [ "$(type -t "after_$what")" != function ] || "after_$what" "stopped after $at ms"
    expect 0 "$@"
    same hurt "$what.rows" "$what stopped after $at ms and repeated"
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
  0-'finished 1' | 130-'interrupted 1' | 130-'') ;; # '': before it began
  *) wrong "train $1: ended with $ended, the run is '$state'" ;;
  esac
}
stops train chosen eyenet -C hurt train --model tiny.net --subset small --target eye --epochs 15 --patience 0 -q

# Drawing that is stopped takes away what it drew.
run timeout --foreground --preserve-status --signal=INT 0.2 eyenet phantom drawn --patients 3000 --max-width 400 -q
[ "$code" -eq 130 ] || wrong "phantom stopped ended with $code: $(cat err)"
[ ! -e drawn ] || wrong "phantom stopped left $(find drawn | head -n 3)"
finish
