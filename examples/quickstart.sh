#!/usr/bin/env bash
# From a fresh clone to typing 'eyenet', with a screening model trained, evaluated and reported on drawn eyes:
#   examples/quickstart.sh [--prefix DIR] [--open] [FOLDER]
#     --prefix DIR   where to install: DIR/bin/eyenet and so on; ~/.local unless told (or the variable PREFIX)
#     --open         open the report in a browser at the end
#     FOLDER         where to work; build/quickstart unless told, and made anew each time
# Installs the Debian packages that are missing (named first, through sudo when not root), builds and installs eyenet, and
# runs its main job on phantom eyes. Needs no network once the packages are there.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=examples/progress.sh
. "$here/examples/progress.sh"

usage() { sed -n '2,6s/^# \{0,1\}//p' "$0"; }
refuse() { echo "quickstart.sh: $1" >&2; exit 2; }
prefix=${PREFIX:-} open= folder=
while [ $# -gt 0 ]; do
  case $1 in
  --prefix) [ $# -ge 2 ] || refuse "--prefix needs a folder"; prefix=$2; shift ;;
  --prefix=*) prefix=${1#*=} ;;
  --open) open=yes ;;
  -h | --help) usage; exit 0 ;;
  -*) usage >&2; refuse "unknown option '$1'" ;;
  *) [ -z "$folder" ] || refuse "unexpected argument '$1'"; folder=$1 ;;
  esac
  shift
done
prefix=${prefix:-"${HOME:?}/.local"} folder=${folder:-"$here/build/quickstart"}
prefix=$(realpath -m -- "$prefix") folder=$(realpath -m -- "$folder")

# What cannot work is said before anything is installed.
if [ -e "$folder" ] && [ ! -e "$folder/.quickstart" ]; then
  refuse "'$folder' exists, and not from an earlier quickstart: name another folder"
fi
parent=$prefix
while [ ! -e "$parent" ]; do parent=$(dirname "$parent"); done
[ -d "$parent" ] || refuse "cannot install to '$prefix': '$parent' is not a folder"
[ -w "$parent" ] || refuse "cannot install to '$prefix': not yours to write; choose another --prefix"

"$here/examples/packages.sh" build

# Ninja where it is installed, else make; a folder configured otherwise, or before the clone was moved, is configured afresh.
build=$here/build/quick
if command -v ninja >/dev/null; then generator=Ninja; else generator="Unix Makefiles"; fi
fresh=()
if [ -e "$build/CMakeCache.txt" ] && ! { grep -qxF "CMAKE_GENERATOR:INTERNAL=$generator" "$build/CMakeCache.txt" &&
  grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$here" "$build/CMakeCache.txt"; }; then
  fresh=(--fresh)
fi
watched "$here/build/logs/configure.log" Configuring cmake "${fresh[@]}" -S "$here" -B "$build" -G "$generator" \
  -DCMAKE_BUILD_TYPE=Release -DEYENET_TESTS=OFF "-DCMAKE_INSTALL_PREFIX=$prefix" || exit 1
watched "$here/build/logs/build.log" "Building eyenet" cmake --build "$build" --parallel "$(nproc)" || exit 1
watched "$here/build/logs/install.log" "Installing to $prefix" cmake --install "$build" --prefix "$prefix" || exit 1

eyenet() { "$prefix/bin/eyenet" "$@"; }
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

# A file:// link to an absolute path: what is not plain is written as %XX, byte by byte.
link() { # PATH
  local LC_ALL=C i c out=
  for ((i = 0; i < ${#1}; i++)); do
    c=${1:i:1}
    case $c in
      [A-Za-z0-9/._~-]) out+=$c ;;
      *) printf -v c '%%%02X' "'$c"; out+=%${c: -2} ;;
    esac
  done
  printf 'file://%s\n' "$out"
}

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

report=$folder/project/runs/first/report.html
printf '\nDone in %s s. The report of the run:\n    %s\n' $((SECONDS - began)) "$(link "$report")"
opener=
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v xdg-open >/dev/null; then opener=xdg-open; fi
if [ -n "$open" ] && [ -n "$opener" ]; then
  xdg-open "$report" >/dev/null 2>&1 </dev/null || echo "xdg-open could not open it; the link above is for any browser"
elif [ -n "$open" ]; then
  echo "Nothing here can open it (no display, or no xdg-open); the link above is for any browser"
elif [ -n "$opener" ]; then
  printf 'To open it:\n    %s\n' "$(typed xdg-open "$report")"
fi

# What to type so that the shell finds the eyenet just installed.
path_hint() { # BIN
  case ${SHELL:-} in
    */fish) echo "fish_add_path $(typed "$1")" ;;
    *) if [ "$1" = "$HOME/.local/bin" ]; then echo 'export PATH="$HOME/.local/bin:$PATH"'; else echo "export PATH=$(typed "$1"):\"\$PATH\""; fi ;;
  esac
}
printf '\neyenet is installed. Type next:\n'
why=
found=$(type -P eyenet || true)
if [ "$found" != "$prefix/bin/eyenet" ]; then
  printf '    %s\n' "$(path_hint "$prefix/bin")"
  why="'$prefix/bin' is not on PATH"
  [ -z "$found" ] || why="another eyenet, '$found', comes first on PATH"
  case ${SHELL:-} in
    */fish) why+=": the first line finds it, in this shell and in later ones." ;;
    */zsh) why+=": the first line finds it in this shell; add it to ~/.zshrc to keep it." ;;
    *) why+=": the first line finds it in this shell; add it to ~/.bashrc to keep it." ;;
  esac
fi
printf '    %s\n' "$(typed cd "$folder/project")" "eyenet runs" "eyenet help"
[ -z "$why" ] || echo "$why" | fold -s -w "$(columns)"
