#!/usr/bin/env bash
# Backups while the program is killed, the disk is full, and a training replaces its weights: the backup before stays good,
# and the next one is whole.
#   backup.sh PROGRAM KILL_AT_LIBRARY
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"
library=$scratch/kill_at.so
cp "$2" "$library"

# restored PLACE FILE WHAT [OPTION...]: what comes back has the rows in the file, and is whole.
restored() {
  local place=$1 file=$2 what=$3
  shift 3
  rm -rf came
  expect 0 eyenet restore "$@" "$place" came
  [ "$code" -ne 0 ] || same came "$file" "$what"
}

draw_eyes 40 100
project chosen chosen
rows chosen >chosen.rows
eyenet -C chosen train --model tiny.net --subset small --target eye --epochs 2 --name first -q >/dev/null
expect 0 eyenet -C chosen backup place
rows chosen >first.rows
restored place first.rows 'the first backup'
whole came 'the first backup'
expect 0 eyenet -C came evaluate first -q
sed -n 's/^new_objects *//p' <(eyenet -C chosen backup place) >again
[ "$(cat again)" -eq 0 ] || wrong "a backup of an unchanged project wrote $(cat again) objects"
eyenet phantom more --patients 12 --max-width 100 --seed 9 -q >/dev/null
eyenet -C chosen fetch more/train -q >/dev/null
rows chosen >second.rows
cp -r place before

{ run env LD_PRELOAD="$library" EN_KILL_AT=1 eyenet -C chosen backup place; } 2>shell
if [ "$code" -ne 137 ]; then
  echo "SKIPPED: no library can be preloaded into this program: $(head -n 1 err)"
  exit 77
fi
calls() {
  expect 0 env LD_PRELOAD="$library" EN_KILL_COUNT="$scratch/calls" "$@"
  cat "$scratch/calls"
}
all=$(calls eyenet -C chosen backup place)
cut=0
for i in 0 1 2 3 4 5 6 7 8 9; do
  at=$((all * (2 * i + 1) / 20 + 1))
  [ "$i" -lt 9 ] || at=$((all - 1))
  rm -rf place && cp -r before place
  { run env LD_PRELOAD="$library" EN_KILL_AT="$at" eyenet -C chosen backup place; } 2>shell
  [ "$code" -eq 0 ] || cut=$((cut + 1))
  restored place first.rows "killed at call $at" --at 2
  expect 0 eyenet -C chosen backup place
  restored place second.rows "killed at call $at and repeated"
done
expect 0 eyenet backup --verify place
echo "backup: cut off $cut times of 10"
[ "$cut" -ge 9 ] || wrong "backup: cut off $cut times"

rm -rf came
kept=0
all=$(calls eyenet restore place came)
for i in 0 1 2 3 4; do
  at=$((all * (2 * i + 1) / 10 + 1))
  rm -rf came came.restoring-*
  { run env LD_PRELOAD="$library" EN_KILL_AT="$at" eyenet restore place came; } 2>shell
  [ "$code" -eq 137 ] || wrong "restore was not killed at call $at"
  [ ! -e came ] || same came second.rows "a restore killed at call $at"
  if [ ! -e came ]; then
    expect 0 eyenet restore place came
    kept=$((kept + $(sed -n 's/^kept *//p' out)))
    same came second.rows "a restore killed at call $at and repeated"
    [ -z "$(find . -maxdepth 1 -name 'came.restoring-*')" ] || wrong "a restore left its folder"
  fi
done
whole came 'a restored project'
[ "$kept" -gt 0 ] || wrong 'restores that went on kept nothing of what had come'

# A limit on the size of files stands for a full disk.
for room in 1 8 40; do
  rm -rf place && cp -r before place
  run bash -c 'ulimit -f "$1" && shift && "$@"' limited "$room" eyenet -C chosen backup place
  [ "$code" -eq 75 ] || wrong "a backup with $room KiB ended with $code: $(cat err)"
  [ "$(grep -c '^eyenet: ' err)" -eq 1 ] || wrong "a backup with $room KiB says: $(cat err)"
  [ -z "$(find place/work -type f 2>/dev/null)" ] || wrong "a backup with $room KiB left files"
  restored place first.rows "after a backup with $room KiB"
  run bash -c 'ulimit -f "$1" && shift && "$@"' limited "$room" eyenet restore place full
  [ "$code" -eq 75 ] || wrong "a restore with $room KiB ended with $code: $(cat err)"
  [ ! -e full ] || wrong "a restore with $room KiB left half a project"
done
expect 0 eyenet restore place full
same full first.rows 'a restore that went on'

# A training that keeps weights every few milliseconds.
eyenet -C chosen train --model tiny.net --subset small --target eye --epochs 400 --patience 0 --name moving -q >/dev/null 2>&1 &
training=$!
made=0
for _ in $(seq 1 40); do
  run eyenet -C chosen backup moved
  case $code in
  0) made=$((made + 1)) ;;
  75) grep -q 'replaces its weights' err || wrong "a backup while training says: $(cat err)" ;;
  *) wrong "a backup while training ended with $code: $(cat err)" ;;
  esac
  kill -0 "$training" 2>/dev/null || break
  [ "$made" -lt 6 ] || break
done
kill "$training" 2>/dev/null || true
wait "$training" || true
[ "$made" -gt 0 ] || wrong "no backup was made while training"
for number in $(eyenet backup --list moved --csv | tail -n +2 | cut -d , -f 1); do
  rm -rf came
  expect 0 eyenet restore moved came --at "$number"
  run eyenet -C came evaluate moving -q
  [ "$code" -eq 0 ] || grep -q 'has no weights\|there is no run' err || wrong "backup $number of a training: $(cat err)"
  whole came "backup $number of a training"
done
echo "training: $made backups"
finish
