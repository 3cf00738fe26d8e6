#!/usr/bin/env bash
# A bit flipped anywhere in any volume: 'fetch' refuses, or says which photographs are damaged, or every byte of every
# photograph is as without the flip; never silently another photograph. A second argument is how many places (25).
set -euo pipefail
eyenet=$(realpath "$1")
places=${2:-25}
volumes=${EYENET_TEST_DATA:-}/kaggle-1024
if [ ! -f "$volumes/train.zip.001" ]; then
  echo "SKIPPED: EYENET_TEST_DATA names no folder with kaggle-1024/train.zip.001"
  exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
cp "$volumes"/train.zip.00? .

# fetch NAME: exit code in $code; the photographs that came, by name and hash, in NAME.list
fetch() {
  rm -rf project
  "$eyenet" init project -q >"$1.log" 2>&1
  code=0
  "$eyenet" -C project fetch "$PWD/train.zip.001" -q >>"$1.log" 2>&1 || code=$?
  (cd project/photos && find . -type f -exec sha256sum {} +) | sort >"$1.list"
}

fetch whole
[ "$code" = 0 ]
all=$(wc -l <whole.list)
[ "$all" -gt 0 ]

RANDOM=12
refused=0 same=0 damaged=0
for _ in $(seq "$places"); do
  volume=train.zip.00$((RANDOM % 4 + 1))
  size=$(stat -c %s "$volume")
  at=$(((RANDOM * 32768 + RANDOM) % size))
  bit=$((1 << RANDOM % 8))
  before=$(od -An -tu1 -j "$at" -N 1 "$volume" | tr -d ' ')
  # shellcheck disable=SC2059 # the format is the byte
  printf "\\$(printf %o $((before ^ bit)))" | dd of="$volume" bs=1 seek="$at" conv=notrunc status=none
  fetch flipped
  wrong=$(comm -13 whole.list flipped.list | wc -l)
  missing=$(comm -23 whole.list flipped.list | wc -l)
  if [ "$wrong" -gt 0 ] || { [ "$missing" -gt 0 ] && [ "$code" = 0 ]; }; then
    echo "byte $at of $volume, $before xor $bit: exit code $code, $wrong photographs are others, $missing are missing"
    cat flipped.log
    exit 1
  fi
  if [ "$code" != 0 ] && [ "$missing" -lt "$all" ]; then
    damaged=$((damaged + 1))
  elif [ "$code" != 0 ]; then
    refused=$((refused + 1))
  else
    same=$((same + 1))
  fi
  # shellcheck disable=SC2059
  printf "\\$(printf %o "$before")" | dd of="$volume" bs=1 seek="$at" conv=notrunc status=none
done
echo "$places bits flipped in $all photographs' volumes: $refused times all refused, $damaged times the damaged left out and named, $same times every photograph the same"
