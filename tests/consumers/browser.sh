#!/usr/bin/env bash
# browser.sh PROGRAM BUILD: Chromium opens the pages of `report` on a phone and a desktop, light and dark: nothing asked of
# the network, no message on its console, nothing wider than its place, every picture described.
set -euo pipefail
eyenet=$(realpath "$1")
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/consumers/venv.sh"
if ! chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome); then
  echo "SKIPPED: no chromium here (Debian's package is chromium)" >&2
  exit 77
fi
venv browser playwright==1.65.2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
cat >net <<'END'
input 32x32x3 scale 1/255
conv 4 5x5 stride 2 relu
maxpool 2
dense classes softmax
END
"$eyenet" -q phantom eyes --patients 40 --max-width 200 --seed 6 >/dev/null
# Names as long and as odd as a stranger's.
mapfile -t photographs < <(find eyes/train -name '*.jpeg' | sort)
cp "${photographs[0]}" 'eyes/train/<img onerror=alert(1) src=x>"&amp;_left.jpeg'
cp "${photographs[1]}" "eyes/train/$(printf 'x%.0s' {1..180})_left.jpeg"
"$eyenet" -q init p >/dev/null
cd p
{
  "$eyenet" -q fetch ../eyes/train
  "$eyenet" -q ingest --recipe 'crop=retina size=32'
  "$eyenet" -q label import ../eyes/trainLabels.csv
  "$eyenet" report -o ../overview.html
  "$eyenet" -q split main --test 0.4 --val 0.2
  "$eyenet" -q augment seed
  "$eyenet" -q subset small "SELECT variant_id FROM variants WHERE part = 'train'"
  "$eyenet" -q train --model ../net --subset small --target 'grade >= 2' --epochs 2 --name two
  "$eyenet" -q train --model ../net --subset small --target grade --epochs 2 --name 'five <i>classes<b> and a name as long as one may be'
  "$eyenet" -q evaluate two
  "$eyenet" -q evaluate 'five <i>classes<b> and a name as long as one may be'
  "$eyenet" report two --screening --checklist tripod-ai -o ../two.html
  "$eyenet" report -o ../five.html
  "$eyenet" report two last -o ../several.html
  "$eyenet" report --data -o ../data.html
} >/dev/null
"$python" "$source/tests/consumers/browser/check.py" "$chromium" ../overview.html ../two.html ../five.html ../data.html ../several.html
# The check notices what it is for.
sed 's|</main>|<img src="http://127.0.0.1:9/x.png"><div style="width:3000px">wide</div></main>|' ../two.html >../bad.html
if "$python" "$source/tests/consumers/browser/check.py" "$chromium" ../bad.html >../bad.txt; then
  echo 'a page with a request and a wide element passed'
  exit 1
fi
grep -q 'asks for' ../bad.txt && grep -q 'wider than' ../bad.txt && grep -q 'not described' ../bad.txt || { cat ../bad.txt; exit 1; }
