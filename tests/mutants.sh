#!/usr/bin/env bash
# Do the tests notice? Breaks the program in one place after the other and runs the test that must fail then.
#   tests/mutants.sh [NAME...]       the patches tests/mutants/NAME.patch; all of them without a NAME
# The table in CONTRIBUTING.md names the test of each patch. All happens in a copy of the tree, in the folder EYENET_MUTANTS or
# else in a temporary one; only what a test needs is built. Ends with 1 when a mutant survived, when a patch no longer applies or
# no longer compiles, or when a patch and the table do not fit together.
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD
scratch=${EYENET_MUTANTS:-}
if [ -z "$scratch" ]; then
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/eyenet-mutants.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
fi
tree=$scratch/tree build=$scratch/build log=$scratch/log
! command -v ccache >/dev/null || export CMAKE_C_COMPILER_LAUNCHER=ccache

# The table: $test[NAME].
declare -A test
while IFS='|' read -r _ name _ test_name _; do
  name=${name//[[:space:]]/} test_name=${test_name//[[:space:]\`]/}
  [[ -z $name || $name = mutant || $name = -* ]] || test[$name]=$test_name
done < <(sed -n '/<!-- mutants:begin -->/,/<!-- mutants:end -->/{/^|/p}' CONTRIBUTING.md)

names=("$@")
[ $# -gt 0 ] || for patch in tests/mutants/*.patch; do names+=("$(basename "$patch" .patch)"); done
wrong=0
for name in "${!test[@]}"; do
  [ -f "tests/mutants/$name.patch" ] || { echo "$name: in the table, but there is no patch"; wrong=$((wrong + 1)); }
done
for name in "${names[@]}"; do
  [ -n "${test[$name]:-}" ] || { echo "$name: no test in the table of CONTRIBUTING.md"; exit 1; }
  [ -f "tests/mutants/$name.patch" ] || exit 1
done

# The target that a test is made of.
target_of() {
  case $1 in
  unit.*) local rest=${1#unit.}; echo "test_${rest//./_}" ;;
  db.*) echo "test_db_${1#db.}" ;;
  faults.sync_order) echo eyenet test_sync_log ;;
  *) echo eyenet ;;
  esac
}

# make TEST...: builds what these tests are made of.
make() {
  local name targets=()
  for name in "$@"; do read -r -a words <<<"$(target_of "$name")" && targets+=("${words[@]}"); done
  cmake --build "$build" --target "${targets[@]}" >"$log" 2>&1
}

run() { # TEST
  ctest --test-dir "$build" --no-tests=error -R "^${1//./\\.}\$" >"$log" 2>&1
}

rm -rf "$tree" && mkdir -p "$tree"
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
  [ ! -e "$file" ] || printf '%s\0' "$file" # deleted, but not yet in the index
done | tar -c --null -T - | tar -x -m -C "$tree" # of now: else what a mutant left would seem up to date
cmake -S "$tree" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >"$log" 2>&1 || { cat "$log"; exit 1; }

# Whole, every one of these tests passes: else a failure would say nothing.
needed=()
while IFS= read -r name; do needed+=("$name"); done < <(for name in "${names[@]}"; do echo "${test[$name]}"; done | sort -u)
make "${needed[@]}" || { tail -n 20 "$log"; exit 1; }
for name in "${needed[@]}"; do
  run "$name" || { tail -n 20 "$log"; echo "$name fails without any mutant"; exit 1; }
  ! grep -q 'Skipped' "$log" || { echo "$name is skipped here"; exit 1; }
done

killed=0 survived=0
for name in "${names[@]}"; do
  patch=$here/tests/mutants/$name.patch
  if ! (cd "$tree" && GIT_CEILING_DIRECTORIES=$scratch git apply "$patch") 2>"$log"; then
    echo "$name: does not apply: $(head -n 1 "$log")"
    wrong=$((wrong + 1))
    continue
  fi
  if ! make "${test[$name]}"; then
    echo "$name: does not compile: $(grep -m 1 error "$log")"
    wrong=$((wrong + 1))
  elif run "${test[$name]}"; then
    echo "$name: SURVIVED ${test[$name]}"
    survived=$((survived + 1))
  else
    echo "$name: killed by ${test[$name]}"
    killed=$((killed + 1))
  fi
  (cd "$tree" && GIT_CEILING_DIRECTORIES=$scratch git apply -R "$patch")
done
echo "$killed killed, $survived survived, $wrong wrong"
[ $((survived + wrong)) -eq 0 ]
