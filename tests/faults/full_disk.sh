#!/usr/bin/env bash
# The disk fills up at many moments of every command that writes: one clear line, exit 75, a project that is whole and
# as it was (ingest: up to a batch of photographs), and the command completes once there is room.
#   full_disk.sh PROGRAM
# With a small file system of its own where the kernel lets us make one, else with a limit on the size of files.
if [ -z "${2:-}" ] && unshare -rm true 2>/dev/null; then
  exec unshare -rm "$0" "$1" tmpfs
fi
kind=${2:-limit}
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"
if [ "$kind" = tmpfs ]; then
  mkdir disk && mount -t tmpfs -o size=64m none disk
else
  mkdir disk
  echo "no small file system here: files are limited in their size instead"
fi

# with_room KIBIBYTES COMMAND...: as if so much were left.
with_room() {
  local room=$1 free
  shift
  if [ "$kind" = tmpfs ]; then
    rm -f disk/filler
    free=$(df --output=avail -k disk | tail -n 1)
    head -c $(((free - room) * 1024)) /dev/zero >disk/filler
    run "$@"
    rm -f disk/filler
  else
    [ "$room" -gt 0 ] || room=1 # for what it says
    run bash -c 'ulimit -f "$1" && shift && "$@"' limited "$room" "$@"
  fi
}

# survives WHAT BEFORE "ROOM ..." COMMAND...: on the project disk/hurt, a copy of BEFORE.
survives() {
  local what=$1 before=$2 rooms=$3 refused=0 room
  shift 3
  rm -rf disk/hurt && cp -r "$before" disk/hurt
  expect 0 "$@"
  rows disk/hurt >"$what.rows"
  rows "$before" >before.rows
  for room in $rooms; do
    rm -rf disk/hurt && cp -r "$before" disk/hurt
    with_room "$room" "$@"
    case $code in
    0) ;;
    75)
      refused=$((refused + 1))
      [ "$(grep -c '^eyenet: ' err)" -eq 1 ] || wrong "$what with $room KiB says: $(cat err)"
      grep -q 'no disk space left\|No space left\|disk I/O error\|File too large' err ||
        wrong "$what with $room KiB says: $(cat err)"
      [ "$what" = ingest ] || [ "$what" = train ] || same disk/hurt before.rows "$what with $room KiB"
      ;;
    *) wrong "$what with $room KiB ended with $code: $(cat err)" ;;
    esac
    whole disk/hurt "$what with $room KiB"
    half=$(find disk/hurt -name '*.part*')
    [ -z "$half" ] || wrong "$what with $room KiB left $half"
    run "$@"
    [ "$code" -eq 0 ] || grep -q 'already, and it is frozen' err || wrong "$what after $room KiB: $(cat err)"
    same disk/hurt "$what.rows" "$what after $room KiB, with room again"
  done
  echo "$what: refused $refused times"
  [ "$refused" -gt 0 ] || wrong "$what: never out of room"
}

draw_eyes 50 160
project fetched fetched
survives ingest fetched '0 40 200 400 800' eyenet -C disk/hurt ingest --recipe 'crop=retina size=64' -q
{
  echo image,level
  for patient in $(seq 1 6000); do echo "${patient}_left,$((patient % 5))"; done
} >many.csv
survives labels fetched '0 100 400' eyenet -C disk/hurt label import many.csv --unknown add -q
project chosen chosen
survives train chosen '0 60 100 140' \
  eyenet -C disk/hurt train --model tiny.net --subset small --target eye --epochs 3 --patience 0 -q
after=$(eyenet -C disk/hurt sql --csv "SELECT count(*) FROM runs WHERE state IN ('created', 'running')" | tail -n 1)
[ "$after" -eq 0 ] || wrong "$after runs go on for ever"
survives subset chosen '0 40' eyenet -C disk/hurt subset more "SELECT variant_id FROM variants" -q
[ "$kind" != tmpfs ] || umount disk
finish
