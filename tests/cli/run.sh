#!/usr/bin/env bash
# Golden tests of the program as people meet it.
#   tests/cli/run.sh PROGRAM [--renew] [CASE...]      all of tests/cli/cases without a CASE
# A case is cases/NAME.sh, run in an empty folder; what it prints must be cases/NAME.txt. It is written with `show`
# (support.sh), so that the .txt reads as a session at a terminal. --renew writes the .txt anew: read the difference
# before you commit it. A case that cannot run here exits 77. EYES names the folder fixture.sh made, if there is one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")
shift
renew=
[ "${1:-}" != --renew ] || { renew=yes; shift; }
[ $# -gt 0 ] || set -- "$here"/cases/*.sh

# What differs from run to run and from machine to machine: times, speeds, identities, paths, the size of drawn files, and
# the state of this machine's SQLite. Everything else is compared, metrics included: all cases compute with the plain
# kernels on two threads, and what is learned is shown to a few digits.
normalise() {
  sed -E -e "s#$1#SCRATCH#g" -e "s#$here#TESTS#g" \
    -e 's/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/UUID/g' \
    -e 's/\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/TIME/g' \
    -e 's/^(seconds|images_per_second|bytes)( +)[0-9.]+/\1\2#/' \
    -e 's/"(seconds|images_per_second|bytes)": [0-9.e-]+/"\1": #/g' \
    -e 's/ in [0-9.]+ s \([0-9.]+\/s, / in # s (#\/s, /' \
    -e 's/[0-9]+ images\/s/# images\/s/' \
    -e 's/^(ok|note),sqlite(,.*)?$/FINDING,sqlite/' \
    -e 's/knows up to [0-9]+/knows up to NEWEST/'
}

run_case() { # NAME: its text on standard output, and its exit code
  local scratch code=0
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/eyenet-cli.XXXXXX")
  mkdir "$scratch/bin" "$scratch/work" "$scratch/said"
  ln -s "$program" "$scratch/bin/eyenet"
  (
    cd "$scratch/work"
    env -i TESTS="$here" PATH="$scratch/bin:$PATH" HOME="$scratch" TMPDIR="$scratch" SAID="$scratch/said" EYES="${EYES:-}" \
      EYENET_ISA=ref EYENET_THREADS=2 LANG=C.UTF-8 TZ=UTC TERM=dumb \
      ASAN_OPTIONS="${ASAN_OPTIONS:-}" LSAN_OPTIONS="${LSAN_OPTIONS:-}" UBSAN_OPTIONS="${UBSAN_OPTIONS:-}" \
      bash -c '. "$1/support.sh"; . "$1/cases/$2.sh"' run "$here" "$1" 2>&1
  ) >"$scratch/text" || code=$?
  normalise "$scratch/work" <"$scratch/text"
  rm -rf "$scratch"
  return $code
}

failed=0 skipped=0
for case in "$@"; do
  name=$(basename "$case" .sh)
  code=0
  text=$(run_case "$name") || code=$?
  if [ $code -eq 77 ]; then
    echo "skipped: $name: ${text##*$'\n'}"
    skipped=$((skipped + 1))
  elif [ $code -ne 0 ]; then
    printf '%s\nfailed: %s ended with %s\n' "$text" "$name" $code
    failed=$((failed + 1))
  elif [ -n "$renew" ]; then
    printf '%s\n' "$text" >"$here/cases/$name.txt"
  elif ! difference=$(diff -u "$here/cases/$name.txt" - <<<"$text"); then
    printf '%s\nfailed: %s (run.sh PROGRAM --renew %s, when the new text is right)\n' "$difference" "$name" "$name"
    failed=$((failed + 1))
  fi
done
[ $failed -eq 0 ] || exit 1
[ $skipped -lt $# ] || exit 77
