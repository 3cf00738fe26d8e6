#!/usr/bin/env bash
# From a fresh machine to a trained, evaluated and reported screening model, on drawn eyes:
#   examples/quickstart.sh [FOLDER]      FOLDER: where to work; build/quickstart unless told, and made anew
# Installs the Debian packages that are missing (named first, through sudo when not root), builds eyenet and runs its main
# job on phantom eyes. Needs no network once the packages are there.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-"$here/build/quickstart"}

"$here/examples/packages.sh" build

echo "== Building eyenet"
cmake -S "$here" -B "$here/build/quick" -G Ninja -DCMAKE_BUILD_TYPE=Release -DEYENET_TESTS=OFF >/dev/null
cmake --build "$here/build/quick" | tail -n 1
eyenet() { "$here/build/quick/eyenet" "$@"; }
typed() { # WORD...: on one line, each quoted as a person would
  local word line=
  for word in "$@"; do
    case $word in
      '' | *[!A-Za-z0-9_./:=,@%+-]*)
        case $word in
          *[\"\$\`\\!]*\'* | *\'*[\"\$\`\\!]*) printf -v word %q "$word" ;;
          *\'*) word=\"$word\" ;;
          *) word=\'$word\' ;;
        esac ;;
    esac
    line+="${line:+ }$word"
  done
  printf '%s\n' "$line"
}
step() { printf '\n$ %s\n' "$(typed eyenet "$@")"; eyenet "$@"; }

if [ -e "$folder" ] && [ ! -e "$folder/.quickstart" ]; then
  echo "quickstart.sh: '$folder' is there already and not mine: name another folder" >&2
  exit 2
fi
rm -rf "$folder"
mkdir -p "$folder"
touch "$folder/.quickstart"
began=$SECONDS

# 1. Photographs: drawn here; yours come from a folder, an archive or a URL.
cd "$folder"
step phantom eyes --patients 300 --seed 1
# 2. A project; every photograph accepted, or rejected with a reason.
step init project
cd project
step fetch ../eyes/train
step ingest --recipe 'crop=retina size=96'
step label import ../eyes/trainLabels.csv
# 3. Whole patients to train, validation and test; variants; a subset by SQL.
step split main --test 0.3 --val 0.15 --stratify grade --seed 1
step augment seed
step subset training "SELECT variant_id FROM variants WHERE part = 'train' AND rotation = 0"
# 4. A network learns who should see a doctor: grade 2 and more.
step train --model quick --subset training --target 'grade >= 2' --name first --epochs 10 --batch 8 --lr 0.002 --seed 1
# 5. On patients it never saw.
step evaluate first --part test
step sql "SELECT image, grade, round(p, 3) AS p FROM errors WHERE run = 'first' ORDER BY p LIMIT 5"
step predict first ../eyes/train/1_left.jpeg ../eyes/train/1_right.jpeg
step report first

echo
echo "Done in $((SECONDS - began)) s. The report: $folder/project/runs/first/report.html"
