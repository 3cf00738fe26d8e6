#!/usr/bin/env bash
# kill -9 at many moments of every long command: the project is whole, and the command given again ends as if nothing
# had happened.
#   kill.sh PROGRAM
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"

# moments COUNT COMMAND...: sets $moment to so many times, in ms, spread over what the command takes; it is run once for
# that.
moments() {
  local count=$1 began i took
  shift
  began=$(now)
  expect 0 "$@"
  took=$(($(now) - began))
  moment=()
  for i in $(seq 0 $((count - 1))); do moment+=($((took * (2 * i + 1) / (2 * count) + 1))); done
}

# survives WHAT BEFORE COUNT COMMAND...: the command works on the project "hurt", a copy of BEFORE. What is true of WHAT
# besides is asked of the function after_WHAT, if there is one.
survives() {
  local what=$1 before=$2 count=$3 cut=0
  shift 3
  rm -rf hurt && cp -r "$before" hurt
  moments "$count" "$@"
  rows hurt >"$what.rows"
  for at in "${moment[@]}"; do
    rm -rf hurt && cp -r "$before" hurt
    killed_after "$at" "$@"
    [ "$code" -eq 0 ] || cut=$((cut + 1))
    whole hurt "$what killed after $at ms"
    [ "$(type -t "after_$what")" != function ] || "after_$what" "killed after $at ms"
    run "$@"
    [ "$code" -eq 0 ] || grep -q 'already, and it is frozen' err || wrong "$what repeated after $at ms: $(cat err)"
    same hurt "$what.rows" "$what killed after $at ms and repeated"
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
moments 12 $(draw untouched)
for at in "${moment[@]}"; do
  rm -rf drawn
  # shellcheck disable=SC2046
  killed_after "$at" $(draw drawn)
  [ ! -e drawn/trainLabels.csv ] || diff -r untouched drawn >difference ||
    wrong "phantom killed after $at ms: the labels came early"
  for photograph in drawn/train/*.jpeg; do
    [ ! -e "$photograph" ] || cmp -s "$photograph" "untouched/train/${photograph##*/}" ||
      wrong "phantom killed after $at ms: half a $photograph"
  done
  rm -rf drawn
  # shellcheck disable=SC2046
  expect 0 $(draw drawn)
  diff -r untouched drawn >difference || wrong "phantom killed after $at ms and repeated: $(head -n 3 difference)"
done
finish
