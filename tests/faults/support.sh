# What the scripts of this folder share: a scratch folder with the program in the path, drawn eyes, projects to hurt.
#   . support.sh PROGRAM
# shellcheck shell=bash
set -euo pipefail
program=$(realpath "$1")
scratch=$(mktemp -d "${TMPDIR:-/tmp}/eyenet-faults.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
ln -s "$program" "$scratch/bin/eyenet"
export PATH="$scratch/bin:$PATH" EYENET_THREADS=2 LANG=C.UTF-8
cd "$scratch"
faults=0

wrong() {
  printf 'wrong: %s\n' "$*"
  faults=$((faults + 1))
}

# Runs a command; leaves its exit code in $code, what it said in the files out and err.
run() {
  code=0
  "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
}

# expect CODE COMMAND...: runs it, and says what is wrong unless it ends so.
expect() {
  local wanted=$1
  shift
  run "$@"
  [ "$code" -eq "$wanted" ] || wrong "'$*' ended with $code, not $wanted: $(cat "$scratch/out" "$scratch/err")"
}

# refused CODE WORDS COMMAND...: it ends so, with one line that has the words.
refused() {
  local wanted=$1 words=$2
  shift 2
  expect "$wanted" "$@"
  grep -q -- "$words" "$scratch/err" || wrong "'$*' does not say '$words': $(cat "$scratch/err")"
  [ "$(grep -c '^eyenet: ' "$scratch/err")" -eq 1 ] || wrong "'$*' says no line or several: $(cat "$scratch/err")"
}

# number PROJECT SQL: the last column of the last row.
number() { eyenet -C "$1" sql --csv "$2" | tail -n 1; }

# What a project's catalog says, without times, speed and identities. Of the runs, the newest finished one.
rows() {
  eyenet -C "$1" sql --csv "
    SELECT 'file' AS what, json_array(path, bytes, photograph) AS row FROM member
    UNION ALL SELECT 'image', json_array(image, patient, eye, status, reason, detail, grade, width, height, format,
      sharpness, score, sha256, path) FROM images
    UNION ALL SELECT 'label', json_array(image, scheme, grade, grader) FROM labels
    UNION ALL SELECT 'sample', json_array(r.text, i.name, s.slot, s.sha256) FROM sample s JOIN image i USING (image_id)
      JOIN recipe r USING (recipe_id)
    UNION ALL SELECT 'variant', json_array(image, mirror, rotation, part) FROM variants
    UNION ALL SELECT 'subset', json_array(subset, part, variants, sha256) FROM subsets
      WHERE subset NOT LIKE '%/%'
    UNION ALL SELECT 'metric', json_array(part, metric, epoch, step, value) FROM metrics
      WHERE part <> '' AND run_id = (SELECT max(run_id) FROM runs WHERE state = 'finished')
    ORDER BY 1, 2"
}

# same PROJECT FILE WHAT: the project's rows are those in the file.
same() {
  rows "$1" >"$scratch/found"
  diff "$2" "$scratch/found" >"$scratch/difference" || wrong "$3: other rows: $(head -n 5 "$scratch/difference")"
}

# The project is whole, whatever happened to it.
whole() {
  run eyenet -C "$1" doctor --csv
  [ "$code" -eq 0 ] || wrong "$2: the project is not whole: $(grep -v '^ok' "$scratch/out")"
}

# eyes/ with drawn photographs and labels, and tiny.net for samples of 32 px.
draw_eyes() {
  eyenet phantom eyes --patients "$1" --max-width "$2" --seed 3 -q >/dev/null
  printf '%s\n' 'input 32x32x3 scale 1/255' 'conv 4 5x5 stride 2 relu' 'maxpool 2' 'dense 8 relu' \
    'dense classes softmax' >tiny.net
}

# project NAME STEP: made of eyes/ up to that step: fetched, ingested, labelled, chosen, trained.
project() {
  local step steps='fetched ingested labelled chosen trained'
  eyenet init "$1" >/dev/null
  for step in $steps; do
    case $step in
    fetched) eyenet -C "$1" fetch eyes/train -q ;;
    ingested) eyenet -C "$1" ingest --recipe 'crop=retina size=32' -q ;;
    labelled) eyenet -C "$1" label import eyes/trainLabels.csv -q ;;
    chosen)
      eyenet -C "$1" split main --test 0.3 --val 0.2 -q
      eyenet -C "$1" augment seed -q
      eyenet -C "$1" subset small "SELECT variant_id FROM variants WHERE part = 'train' AND rotation = 0" -q
      ;;
    trained) eyenet -C "$1" train --model tiny.net --subset small --target eye --epochs 2 --name first -q ;;
    esac >/dev/null
    [ "$step" != "$2" ] || return 0
  done
}

finish() {
  [ "$faults" -eq 0 ] || exit 1
  echo "all well"
}
