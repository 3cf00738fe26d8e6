#!/usr/bin/env bash
# Folders that cannot be written, that move, and catalogs that are gone, cut or overwritten: one clear line, the right
# code.
#   places.sh PROGRAM
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"

draw_eyes 20 160
project p trained
rows p >p.rows

# A project that moves goes on working: every path in it is relative.
mv p 'moved here' && mkdir -p 'deep/er' && mv 'moved here' 'deep/er/project of mine'
cp -r 'deep/er/project of mine' p
same 'deep/er/project of mine' p.rows "moved"
whole 'deep/er/project of mine' "moved"
expect 0 eyenet -C 'deep/er/project of mine' evaluate first -q
expect 0 eyenet -C 'deep/er/project of mine/photos' predict first eyes/train/1_left.jpeg
expect 0 eyenet -C 'deep/er/project of mine' ingest --recipe 'crop=none size=16' -q
! grep -q -r -a "$scratch/p/" 'deep/er/project of mine/eyenet.db' || wrong "the catalog knows where it was"

# Nothing is written where nothing may be: by an ordinary user, as nothing is forbidden to root.
as_user=(env)
if [ "$(id -u)" -eq 0 ]; then
  as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  chmod 755 "$scratch"
fi
if [ "$(id -u)" -ne 0 ] || "${as_user[@]}" test -x "$program" 2>shell; then
  chmod -R a-w,a+rX p
  forbidden='cannot be written\|readonly\|unable to open'
  refused 3 "$forbidden" "${as_user[@]}" eyenet -C p label import eyes/trainLabels.csv -q
  refused 3 "$forbidden" "${as_user[@]}" eyenet -C p train --model tiny.net --subset small -q
  refused 3 'ermission denied' "${as_user[@]}" eyenet init p/inner
  chmod -R u+w p
  same p p.rows "not writable"
fi

# A catalog that is gone.
cp -r p gone && rm gone/eyenet.db*
refused 3 'no eyenet project in' eyenet -C gone runs
refused 3 'no eyenet project in' eyenet -C gone train --subset small
refused 3 "there is no folder 'nowhere'" eyenet -C nowhere runs

# Catalogs that are damaged, each in its way. None may be taken for whole by the doctor.
damaged() { # WHAT WORDS COMMAND-THAT-DAMAGES...
  local what=$1 words=$2
  shift 2
  rm -rf hurt && cp -r p hurt && rm -f hurt/eyenet.db-*
  "$@"
  run eyenet -C hurt doctor
  [ "$code" -eq 3 ] || [ "$code" -eq 1 ] || wrong "$what: doctor ends with $code"
  run eyenet -C hurt sql 'SELECT count(*) FROM images'
  run eyenet -C hurt label import eyes/trainLabels.csv -q
  if [ "$code" -ne 0 ]; then
    [ "$code" -eq 3 ] || wrong "$what: ends with $code: $(cat err)"
    [ "$(grep -c '^eyenet: ' err)" -eq 1 ] || wrong "$what: says more or less than one line: $(cat err)"
    [ "$words" = - ] || grep -q "$words" err || wrong "$what: '$(cat err)' does not say '$words'"
  elif [ "$words" != - ]; then
    wrong "$what: nobody noticed"
  fi
}
size=$(stat -c %s p/eyenet.db)
overwrite() { dd if=/dev/urandom of=hurt/eyenet.db bs=1 seek="$1" count="$2" conv=notrunc status=none; }
damaged "no header" 'not an eyenet catalog' overwrite 0 100
damaged "an empty file" 'not an eyenet catalog' truncate -s 0 hurt/eyenet.db
damaged "text" 'not an eyenet catalog' cp eyes/trainLabels.csv hurt/eyenet.db
damaged "another application's database" 'not an eyenet catalog' \
  bash -c 'printf "ELSE" | dd of=hurt/eyenet.db bs=1 seek=68 conv=notrunc status=none' # the header's application_id
damaged "half a file" 'damaged' truncate -s $((size * 4096 / 8192)) hurt/eyenet.db
damaged "a schema page overwritten" 'damaged\|not an eyenet catalog' overwrite 100 3996
for page in 3 5 8 13 21; do
  [ $((page * 4096)) -ge "$size" ] || damaged "page $page overwritten" - overwrite $((page * 4096)) 4096
done

# Run folders, samples and photographs that are gone: said by name, by who needs them.
rm -rf hurt && cp -r p hurt && rm -r hurt/runs
refused 3 "are missing; train again" eyenet -C hurt evaluate first
expect 1 eyenet -C hurt doctor
rm -rf hurt && cp -r p hurt && rm -r hurt/samples
refused 3 "is missing; ingest again" eyenet -C hurt train --model tiny.net --subset small --target eye -q
expect 0 eyenet -C hurt ingest --recipe 'crop=retina size=32' -q
expect 0 eyenet -C hurt train --model tiny.net --subset small --target eye --epochs 2 -q
same hurt p.rows "samples lost and made again"
whole hurt "samples lost and made again"
rm -rf hurt && cp -r p hurt && rm -r hurt/photos
refused 3 "is missing; fetch it again" eyenet -C hurt ingest --recipe 'crop=none size=16' -q
expect 1 eyenet -C hurt doctor
finish
