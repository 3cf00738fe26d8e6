#!/usr/bin/env bash
# Installs what the tests need, builds, runs all tests and closes with why tests were skipped, a line each, and "N passed, N
# failed, N skipped".
#   tests/run.sh             everything: the release build, a build with clang where there is one and the tests of its layers,
#                            then the sanitizers
#   tests/run.sh release     one preset only: release, clang, asan-ubsan or tsan
# Tests that want real photographs read the folder named by EYENET_TEST_DATA and are skipped without it.
set -euo pipefail
cd "$(dirname "$0")/.."
examples/packages.sh tests

presets=("$@")
reasons=()
if [ ${#presets[@]} -eq 0 ]; then
  presets=(release clang asan-ubsan tsan)
  if ! command -v clang >/dev/null; then
    presets=(release asan-ubsan tsan)
    reasons+=("clang: not installed, so nothing was built with it")
  fi
fi
# What each preset runs: everything; with another compiler one layer after the other; all but the long; what has threads.
select_tests() {
  case $1 in
  clang) echo "-L unit" ;;
  asan-ubsan) echo "-LE real|slow" ;;
  tsan) echo "-L threads" ;;
  *) echo "" ;;
  esac
}

export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:strict_string_checks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
passed=0 failed=0 skipped=0 broken=0
for preset in "${presets[@]}"; do
  began=$SECONDS
  echo "== $preset: building"
  cmake --preset "$preset" -DEYENET_WERROR="${CI:+ON}" | tail -n 3
  cmake --build --preset "$preset" | tail -n 20
  echo "== $preset: built after $((SECONDS - began)) s, testing"
  report="build/$preset/tests.xml"
  rm -f "$report"
  # shellcheck disable=SC2046 # the selection is words
  ctest --preset "$preset" -j "$(nproc)" --no-tests=error $(select_tests "$preset") --output-junit tests.xml \
    --test-output-size-passed 100000 || broken=1
  count() { sed -n "/<testsuite/,/>/s/.*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" "$report" | head -n 1; }
  all=$(count tests) bad=$(count failures) left=$(count skipped)
  passed=$((passed + all - bad - left)) failed=$((failed + bad)) skipped=$((skipped + left))
  while IFS= read -r line; do reasons+=("$preset: $line"); done < <(awk -f tests/skipped.awk "$report")
  echo "== $preset: done after $((SECONDS - began)) s"
done
[ ${#reasons[@]} -eq 0 ] || printf '== skipped: %s\n' "${reasons[@]}"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$broken" -eq 0 ] && [ "$passed" -gt 0 ]
