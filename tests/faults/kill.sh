#!/usr/bin/env bash
# kill -9 at many points of every long command: the project is whole, and the command given again ends as if nothing
# had happened. A point is a call that changes a file or brings one to the disk: only there can a kill make a difference.
#   kill.sh PROGRAM KILL_AT_LIBRARY
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"
library=$scratch/kill_at.so # the loader takes a blank in a path for the end of it
cp "$2" "$library"

# points COUNT COMMAND...: sets $point to so many calls, spread over all that the command makes; it is run once for that.
points() {
  local count=$1 i calls
  shift
  expect 0 env LD_PRELOAD="$library" EN_KILL_COUNT="$scratch/calls" "$@"
  calls=$(cat "$scratch/calls")
  point=()
  for i in $(seq 0 $((count - 1))); do point+=($((calls * (2 * i + 1) / (2 * count) + 1))); done
}

# killed_at CALL COMMAND...: killed before that call, unless it has ended by then. It is gone, with its locks, when this
# returns.
killed_at() {
  local at=$1
  shift
  { run env LD_PRELOAD="$library" EN_KILL_AT="$at" "$@"; } 2>"$scratch/shell"
  case $code in 0 | 137) ;; *) wrong "'$*' killed at call $at ended with $code: $(cat "$scratch/err")" ;; esac
}

{ run env LD_PRELOAD="$library" EN_KILL_AT=1 eyenet init probe; } 2>shell
if [ "$code" -ne 137 ]; then
  echo "SKIPPED: no library can be preloaded into this program: $(head -n 1 err)"
  exit 77
fi
rm -rf probe

# survives WHAT BEFORE COUNT COMMAND...: the command works on the project "hurt", a copy of BEFORE. What is true of WHAT
# besides is asked of the function after_WHAT, if there is one.
survives() {
  local what=$1 before=$2 count=$3 cut=0
  shift 3
  rm -rf hurt && cp -r "$before" hurt
  points "$count" "$@"
  rows hurt >"$what.rows"
  for at in "${point[@]}"; do
    rm -rf hurt && cp -r "$before" hurt
    killed_at "$at" "$@"
    [ "$code" -eq 0 ] || cut=$((cut + 1))
    whole hurt "$what killed at call $at"
    [ "$(type -t "after_$what")" != function ] || "after_$what" "killed at call $at"
    run "$@"
    [ "$code" -eq 0 ] || grep -q 'already, and it is frozen' err || wrong "$what repeated after call $at: $(cat err)"
    same hurt "$what.rows" "$what killed at call $at and repeated"
  done
  echo "$what: cut off $cut times of $count"
  [ "$cut" -gt 0 ] || wrong "$what: never cut off"
}

draw_eyes 60 200
project fetched fetched
survives ingest fetched 12 eyenet -C hurt ingest --recipe 'crop=retina size=64' -q --workers 2

cp -r fetched ingested && eyenet -C ingested ingest --recipe 'crop=retina size=32' -q >/dev/null
{
  echo image,level
  for patient in $(seq 1 6000); do echo "${patient}_left,$((patient % 5))"; done
} >many.csv
survives labels ingested 12 eyenet -C hurt label import many.csv --unknown add -q

cp -r ingested chosen
eyenet -C chosen label import eyes/trainLabels.csv -q >/dev/null
eyenet -C chosen split main --test 0.3 --val 0.2 -q >/dev/null
survives augment chosen 4 eyenet -C hurt augment even -q
eyenet -C chosen augment seed -q >/dev/null
query="SELECT variant_id FROM variants WHERE part = 'train' AND rotation = 0"
survives subset chosen 4 eyenet -C hurt subset small "$query" -q
eyenet -C chosen subset small "$query" -q >/dev/null

# A run that was cut off does not run for ever, and the weights it has, if it has any, can be used.
after_train() {
  local state
  run eyenet -C hurt evaluate last -q
  state=$(eyenet -C hurt sql --csv 'SELECT run, state FROM runs' | tail -n +2)
  case $state in
  '') ;; # cut off before it began
  tiny-1,interrupted | tiny-1,finished) [ "$code" -eq 0 ] || grep -q 'has no weights' err || wrong "$1: $(cat err)" ;;
  *) wrong "$1: the run is $state" ;;
  esac
}
survives train chosen 12 eyenet -C hurt train --model tiny.net --subset small --target eye --epochs 12 --patience 0 -q

# An evaluation has all its predictions or is not there.
after_evaluation() {
  local half
  half=$(eyenet -C hurt sql --csv "SELECT count(*) FROM evaluation e WHERE (SELECT count(*) FROM prediction p
    WHERE p.evaluation_id = e.evaluation_id) <> (SELECT members FROM subset s WHERE s.subset_id = e.subset_id)" |
    tail -n 1)
  [ "$half" -eq 0 ] || wrong "$1: half an evaluation"
}
eyenet -C chosen train --model tiny.net --subset small --target eye --epochs 2 --name first -q >/dev/null
survives evaluation chosen 6 eyenet -C hurt evaluate first -q

# Drawn eyes are files: each whole or not there, the labels last.
draw() { echo eyenet phantom "$1" --patients 12 --max-width 200 --seed 5 -q; }
# shellcheck disable=SC2046 # a command's words
points 12 $(draw untouched)
for at in "${point[@]}"; do
  rm -rf drawn
  # shellcheck disable=SC2046
  killed_at "$at" $(draw drawn)
  [ ! -e drawn/trainLabels.csv ] || diff -r untouched drawn >difference ||
    wrong "phantom killed at call $at: the labels came early"
  for photograph in drawn/train/*.jpeg; do
    [ ! -e "$photograph" ] || cmp -s "$photograph" "untouched/train/${photograph##*/}" ||
      wrong "phantom killed at call $at: half a $photograph"
  done
  rm -rf drawn
  # shellcheck disable=SC2046
  expect 0 $(draw drawn)
  diff -r untouched drawn >difference || wrong "phantom killed at call $at and repeated: $(head -n 3 difference)"
done
finish
