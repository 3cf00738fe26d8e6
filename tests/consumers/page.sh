#!/usr/bin/env bash
# page.sh PROGRAM BUILD [all]: the pages of `export page` in Chromium, without a network. Of a project's photographs they say
# what `predict` says of the same pixels, within 1e-5; and their engine gives the probabilities of the built-in networks (with
# `all` of every one of them, else of three) and of a network of every kind of layer, output and calibration.
set -euo pipefail
eyenet=$(realpath "$1") build=$2 all=${3:-}
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/consumers/venv.sh"
if ! chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome); then
  echo "SKIPPED: no chromium here (Debian's package is chromium)" >&2
  exit 77
fi
exported=$(realpath "$build/tests/consumers/exported")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
"$eyenet" -q phantom eyes --patients 60 --max-width 700 --seed 6 >/dev/null
mapfile -t photographs < <(find eyes/train -name '*.jpeg' | sort)
every=$source/tests/consumers/export/every.net
if ! "$exported" "$every" 5 none page page.html pixels wanted 1 "${photographs[@]}" 2>said; then
  grep -q 'without a compiler for WebAssembly' said || { cat said >&2; exit 1; }
  echo "SKIPPED: this build has no engine for pages (Debian's packages are clang, lld, wasi-libc, libclang-rt-14-dev-wasm32)" >&2
  exit 77
fi
venv browser playwright==1.65.2

cat >net <<'NET'
input 32x32x3 scale 1/255
conv 4 5x5 stride 2 relu
maxpool 2
dense classes softmax
NET
"$eyenet" -q init p >/dev/null
project() { # RECIPE TARGET NAME
  "$eyenet" -q ingest --recipe "$1"
  "$eyenet" -q train --model ../net --subset small --target "$2" --recipe "$1" --epochs 2 --name "$3"
  "$eyenet" export page "$3" -o ../page.html
  mkdir -p ../shots
  "$python" "$source/tests/consumers/page/check.py" "$chromium" "$eyenet" . "$3" ../page.html ../shots "${photographs[@]:0:12}" "../eyes/train/$black.jpeg" >&3
}
cd p
photographs=("${photographs[@]/#/../}")
{
  "$eyenet" -q fetch ../eyes/train
  "$eyenet" -q ingest --recipe 'crop=retina size=32'
  black=$("$eyenet" sql --csv "SELECT image FROM images WHERE reason LIKE 'black%' LIMIT 1" | tail -n 1)
  "$eyenet" -q label import ../eyes/trainLabels.csv
  "$eyenet" -q split main --test 0.2 --val 0.3
  "$eyenet" -q augment seed
  "$eyenet" -q subset small "SELECT variant_id FROM variants WHERE part = 'train'"
  project 'crop=retina size=32' 'grade >= 2' two
  project 'crop=centre:400 size=32 normalise=clahe' grade 'five <i>classes<b>'
  project 'crop=none size=32 normalise=graham' grade '"none"'
} 3>&1 >/dev/null 2>"$scratch/log" || { cat "$scratch/log" >&2; exit 1; }
# The check notices what it is for.
sed 's|</main>|<img src="http://127.0.0.1:9/x.png"><div class="answer">'"$(printf 'wide%.0s' {1..9})"'<pre>'"$(printf 'wide%.0s' {1..99})"'</pre></div></main>|' \
  ../page.html >../bad.html
if "$python" "$source/tests/consumers/page/check.py" "$chromium" "$eyenet" . 'five <i>classes<b>' ../bad.html ../shots "${photographs[@]:0:3}" >../bad.txt; then
  echo 'a page of another run, with a request and a wide element, passed'
  exit 1
fi
for wrong in 'differ from predict' 'wider than' 'prints'; do
  grep -q "$wrong" ../bad.txt || { cat ../bad.txt; exit 1; }
done

cd ..
photographs=("${photographs[@]/#..\//}")
check() { # NETWORK CLASSES CALIBRATION
  local folder
  folder=samples/$(basename "$1")-$3
  mkdir -p "$folder"
  echo "$2" >"$folder/classes"
  "$exported" "$1" "$2" "$3" page "$folder/page.html" "$folder/pixels" "$folder/wanted" 4 "${photographs[@]}"
}
sed 's/^softmax/ordinal/' "$every" >ordinal.net
for calibration in none prior temperature cumulative; do
  check "$every" 5 "$calibration"
  check ordinal.net 5 "$calibration"
done
for net in "$source"/examples/models/*.net; do
  name=$(basename "$net" .net)
  [[ -z $all && ! $name =~ ^(retina|efficientnet-lite0|mobilenet-v3-large)$ ]] || check "$name" 2 platt
done
"$python" "$source/tests/consumers/page/samples.py" "$chromium" samples/*
