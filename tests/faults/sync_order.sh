#!/usr/bin/env bash
# Bytes are on the disk before their names and their rows are: what each command writes, syncs and renames, in order.
#   sync_order.sh PROGRAM SYNC_LOG_LIBRARY
here=$(dirname "$(realpath "$0")")
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"
library=$scratch/sync_log.so # the loader takes a blank in a path for the end of it
cp "$2" "$library"

# The command with all it does to files written down in the file log.
traced() {
  rm -f log
  run env LD_PRELOAD="$library" EN_SYNC_LOG="$scratch/log" "$@"
  [ "$code" -eq 0 ] || wrong "'$*' ended with $code: $(cat err)"
}

# in_order WHAT PATTERN...: the log says nothing that a power cut could tear, and has a line like each of these.
in_order() {
  local what=$1 pattern
  shift
  awk -f "$here/sync_order.awk" log >found || wrong "$what: $(head -n 5 found)"
  for pattern in "$@"; do
    grep -qP -- "$pattern" log || wrong "$what: nothing like '$pattern' happened"
  done
}

run env LD_PRELOAD="$library" EN_SYNC_LOG="$scratch/log" eyenet init probe
if [ "$code" -ne 0 ] || [ ! -s log ]; then
  echo "SKIPPED: no library can be preloaded into this program: $(head -n 1 err)"
  exit 77
fi
in_order init '^mkdir\t.*probe'
traced eyenet phantom packed --patients 6 --max-width 400 --volumes 64K -q
in_order "a zip in volumes" '^rename\t.*\.zip\.001$' '^rename\t.*\.zip\.002$'

draw_eyes 12 200
eyenet init p >/dev/null
traced eyenet -C "$scratch/p" fetch eyes/train -q
in_order "fetch from a folder" '^syncfs\t.*/photos$' '^rename\t.*/\.part-fetch/0\t.*/photos/1/' '^write\t.*db-wal$'
traced eyenet -C "$scratch/p" ingest --recipe 'crop=retina size=32' -q
in_order ingest '^write\t.*\.pack$' '^fsync\t.*\.pack$' '^write\t.*db-wal$'
project q chosen
traced eyenet -C "$scratch/q" train --model tiny.net --subset small --target eye --epochs 1 --name first -q
in_order train '^rename\t.*\t.*/model\.safetensors$' '^write\t.*db-wal$'

# A server whose file changes under the download: the part begins anew beside the note of the old one.
if ! python3 -c 'import zipfile' 2>err; then
  echo "the part about downloads needs python3"
  finish
  exit 0
fi
mkdir www
(cd eyes/train && python3 -m zipfile -c "$scratch/www/eyes.zip" ./*)
coproc server { exec python3 "$here/../support/http_server.py" www requests; }
read -r port <&"${server[0]}"
traced eyenet -C "$scratch/q" fetch "http://127.0.0.1:$port/changing/eyes.zip" -q
eval "exec ${server[1]}>&-" # it ends with its input
in_order "fetch from a URL" '^truncate\t.*\.part$' '^fsync\t.*\.note$' '^rename\t.*\.zip\.part\t.*\.zip$'
finish
