#!/usr/bin/env bash
# Several processes at work in one project: nobody fails without saying why, nothing is lost.
#   at_once.sh PROGRAM
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"

# together COMMAND...: each word is a command line; all run at the same time. Their exit codes go to $codes.
together() {
  local i=0 process=()
  codes=()
  for line in "$@"; do
    bash -c "$line" >"out.$i" 2>"err.$i" </dev/null &
    process+=($!)
    i=$((i + 1))
  done
  for i in "${!process[@]}"; do
    code=0
    wait "${process[$i]}" || code=$?
    codes+=("$code")
  done
}


draw_eyes 60 200
project fetched fetched
cp -r fetched undisturbed && eyenet -C undisturbed ingest --recipe 'crop=retina size=32' -q >/dev/null
rows undisturbed >ingest.rows

# Ingesting: one does it, the others say that it is being done; or come when it is over.
cp -r fetched p
line="eyenet -C p ingest --recipe 'crop=retina size=32' -q"
together "$line" "$line" "$line" "$line"
for i in "${!codes[@]}"; do
  case ${codes[$i]} in
  0) ;;
  75) grep -q 'another process is ingesting' "err.$i" || wrong "an ingest at once says: $(cat "err.$i")" ;;
  *) wrong "an ingest at once ended with ${codes[$i]}: $(cat "err.$i")" ;;
  esac
done
case " ${codes[*]} " in *' 0 '*) ;; *) wrong "nobody ingested" ;; esac
expect 0 bash -c "$line"
same p ingest.rows "ingests at once"
whole p "ingests at once"

# Importing: all wait for their turn.
for i in 0 1 2 3 4 5; do
  echo image,level >"labels$i.csv"
  for patient in $(seq $((i * 1000)) $((i * 1000 + 1500))); do
    echo "${patient}_left,$((patient % 5))"
  done >>"labels$i.csv"
done
lines=()
for i in 0 1 2 3 4 5; do lines+=("eyenet -C p label import labels$i.csv --unknown add -q"); done
together "${lines[@]}"
[ "${codes[*]}" = '0 0 0 0 0 0' ] || wrong "imports at once ended with ${codes[*]}: $(cat err.?)"
labels=$(number p 'SELECT count(*) FROM labels')
[ "$labels" -eq 6501 ] || wrong "imports at once: $labels labels"
whole p "imports at once"

# Training, twice the same, while samples of another recipe are made and labels come: nobody disturbs anybody.
rm -rf p
project p chosen
cp -r p q
eyenet -C q train --model tiny.net --subset small --target eye --epochs 6 --patience 0 -q >/dev/null
rows q | grep '^metric' >metric.rows
train="eyenet -C p train --model tiny.net --subset small --target eye --patience 0 --recipe 'crop=retina size=32' -q"
together "$train --epochs 6" "$train --epochs 6" "eyenet -C p ingest --recipe 'crop=none size=64' -q" \
  'eyenet -C p label import labels3.csv --unknown add -q'
[ "${codes[*]}" = '0 0 0 0' ] || wrong "training at once ended with ${codes[*]}: $(cat err.?)"
runs=$(number p "SELECT group_concat(run || ' ' || state, ' ') FROM runs")
[ "$runs" = 'tiny-1 finished tiny-2 finished' ] || wrong "training at once: $runs"
for name in tiny-1 tiny-2; do
  eyenet -C p sql --csv "SELECT 'metric' AS what, json_array(part, metric, epoch, step, value) AS row FROM metrics
    WHERE part <> '' AND run = '$name' ORDER BY 1, 2" | tail -n +2 >found
  diff metric.rows found >difference || wrong "training at once, $name: other figures: $(head -n 3 difference)"
done
whole p "training at once"

# A run at work is left alone by whoever writes meanwhile, and known to be at work.
# It is at work from the moment at which it says what its first epoch gave.
mkfifo said
bash -c "exec ${train% -q} --epochs 100000 --name long" >/dev/null 2>said &
training=$!
exec 3<said
while read -r line <&3 && [[ $line != epoch* ]]; do :; done
[[ $line = epoch* ]] || wrong "a training ended before its first epoch"
cat <&3 >/dev/null & # so that it does not wait for a reader
exec 3<&-
expect 0 eyenet -C p augment plain -q
state=$(number p "SELECT state FROM runs WHERE run = 'long'")
[ "$state" = running ] || wrong "a run at work is $state"
expect 0 eyenet -C p doctor --csv
grep -q "'long' is training" out || wrong "doctor says of a run at work: $(grep runs out)"
{ kill -9 $training && wait $training; } 2>shell || true
expect 0 eyenet -C p doctor --csv
grep -q "^note,runs,'long' was cut off" out || wrong "doctor says of a killed run: $(grep runs out)"
expect 0 eyenet -C p augment plain -q
state=$(number p "SELECT state FROM runs WHERE run = 'long'")
[ "$state" = interrupted ] || wrong "a killed run stays $state"
finish
