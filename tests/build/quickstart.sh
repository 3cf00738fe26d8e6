#!/usr/bin/env bash
# The quickstart around its commands: where it installs, what it says next, how it shows progress and failures. cmake, dpkg,
# sudo and eyenet are stand-ins here; tests/cli/cases has the commands themselves, and the real run is done by hand.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
failed=0
has() { grep -qF -- "$2" "$1" || { echo "$1 lacks: $2"; sed 's/^/    | /' "$1"; failed=1; }; }
lacks() { if grep -qF -- "$2" "$1"; then echo "$1 has: $2"; failed=1; fi; }
code() { # EXPECTED COMMAND...
  local want=$1 rc=0
  shift
  "$@" >out 2>&1 </dev/null || rc=$?
  [ "$rc" = "$want" ] || { echo "exit code $rc instead of $want: $*"; sed 's/^/    | /' out; failed=1; }
}
stub() { # NAME: the text of the stand-in from standard input
  { echo '#!/bin/bash'; cat; } >"bin/$1"
  chmod +x "bin/$1"
}
mkdir -p bin "a clone/examples" "a home"
cp "$top"/examples/*.sh "a clone/examples"
stub dpkg-query <<'X'
for name; do :; done
grep -qxF "$name" "$ROOM/missing" 2>/dev/null || echo installed
X
stub cmake <<'X'
echo "cmake $*" >>"$ROOM/called"
case $1 in
--build) echo '[1/2] Building C object src/a dir/one.c.o'; [ ! -e "$ROOM/broken" ] || { printf 'FAILED: one.c.o\none.c:1: error: no\n'; exit 2; } ;;
--install) mkdir -p "$4/bin"; printf '#!/bin/bash\necho "ran $*"; mkdir -p project' >"$4/bin/eyenet"; chmod +x "$4/bin/eyenet" ;;
*) while [ "$1" != -B ]; do shift; done; mkdir -p "$2"; printf 'CMAKE_GENERATOR:INTERNAL=%s\nCMAKE_HOME_DIRECTORY:INTERNAL=%s\n' "$4" "$ROOM/a clone" >"$2/CMakeCache.txt" ;;
esac
X
stub ninja </dev/null
stub xdg-open <<'X'
echo "opened $*" >>"$ROOM/called"
X
export ROOM=$room HOME="$room/a home" SHELL=/bin/bash PATH="$room/bin:/usr/bin:/bin"
unset DISPLAY WAYLAND_DISPLAY PREFIX
quickstart="a clone/examples/quickstart.sh"

# Its defaults: ~/.local, which is not on PATH; no display.
code 0 "$quickstart"
has out 'export PATH="$HOME/.local/bin:$PATH"'
has out "file://$room/a%20clone/build/quickstart/project/runs/first/report.html"
has out "cd '$room/a clone/build/quickstart/project'"
has out "Building eyenet: done in"
lacks out xdg-open
has called "-G Ninja"
[ -x "a home/.local/bin/eyenet" ] || { echo "not installed to ~/.local"; failed=1; }

# Again, with ~/.local/bin on PATH and a display: no export line, an offer to open, and nothing is opened unasked.
export DISPLAY=:7
code 0 env PATH="$HOME/.local/bin:$PATH" "$quickstart"
lacks out 'export PATH'
has out 'xdg-open '
lacks called opened
lacks called --fresh
code 0 "$quickstart" --open --prefix "$room/another prefix" "$room/é folder"
has called "opened $room/é folder/project/runs/first/report.html"
has out "file://$room/%C3%A9%20folder/project"
has out "export PATH='$room/another prefix/bin':\"\$PATH\""

# Without ninja: make, configured afresh; ninja alone is not installed for it.
rm bin/ninja called
if ! PATH=$PATH command -v ninja >/dev/null; then has_ninja=; else has_ninja=yes; fi
if [ -n "$has_ninja" ]; then # the machine has one: only the commands that are needed are on PATH
  mkdir tools
  for tool in bash sh env sed awk grep tail head tr cut date cat mkdir rm touch sleep stty nproc realpath dirname fold mktemp make id chmod kill; do
    path=$(type -P "$tool" || true)
    [ -z "$path" ] || ln -s "$path" "tools/$tool"
  done
  export PATH="$room/bin:$room/tools"
fi
type -P make >/dev/null || stub make </dev/null
echo ninja-build >missing
code 0 "$quickstart"
has called "-G Unix Makefiles"
has called "--fresh"
lacks out "Packages to install"

# A missing package is named, and without sudo that is the end of it.
echo libcsv-dev >missing
stub id <<'X'
echo 1000
X
code 1 "$quickstart"
has out "apt-get install libcsv-dev"
# With sudo it is installed; when that fails, the command, the end of its output and the log are shown.
stub sudo <<'X'
case $* in -n*) exit 0 ;; *update*) exit 0 ;; *) printf 'pmstatus:x:50.0:noise\nE: no such package\n'; exit 100 ;; esac
X
code 1 "$quickstart"
has out "E: no such package"
has out "libcsv-dev"
has out "Its whole output: $room/a clone/build/logs/packages.log"
lacks out noise

# A build that fails.
rm missing bin/id
touch broken
code 1 "$quickstart"
has out "one.c:1: error: no"
has out "The command that failed (exit code 2):"
has out "cmake --build"
lacks out "is installed"
rm broken

# Nothing is left behind that keeps a pipe open once the script has ended; the lines come every so often.
began=$SECONDS
(. "$top/examples/progress.sh"; PROGRESS_EVERY=60; watched log Waiting sleep 0.5) | cat >out
[ $((SECONDS - began)) -lt 30 ] || { echo "the reader of a pipe waits for the next line of progress"; failed=1; }
(. "$top/examples/progress.sh"; PROGRESS_EVERY=0.2; watched log Waiting sh -c 'echo "[1/4] Linking"; sleep 1') >out
has out "Waiting: 25 %, "; has out " s, Linking"
# Ctrl-C ends it with 130.
code 130 bash -c '. "$1"; watched log Waiting sh -c "kill -INT \$PPID; exit 1"; echo went on' x "$top/examples/progress.sh"
lacks out "went on"

# What cannot work is refused first.
rm called
mkdir mine; touch plain
code 2 "$quickstart" "$room/mine"
code 2 "$quickstart" --prefix "$room/plain/below"
code 2 "$quickstart" --nonsense
code 0 "$quickstart" --help
has out "--prefix DIR"
[ ! -e called ] || { echo "cmake was called: $(cat called)"; failed=1; }

# What the line says, from the output of ninja, make and apt.
. "$top/examples/progress.sh"
says() { # TEXT EXPECTED
  printf '%b' "$1" >log
  [ "$(progress_of log)" = "$2" ] || { echo "progress: '$(progress_of log)' instead of '$2'"; failed=1; }
}
says '[1/4] a\n[2/4] Building C object src/x y/two.c.o\n' '50 compiling two.c'
says '[ 12%] Building C object src/one.c.o\n' '12 compiling one.c'
says 'dlstatus:1:10.5:Retrieving file 1\npmstatus:libx:amd64:64.2857:Unpacking libx:amd64\n' '64 Unpacking libx:amd64'
says '-- Found cmocka\n' '- Found cmocka'
says '' '- '
exit $failed
