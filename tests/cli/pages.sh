#!/usr/bin/env bash
# The pages made from the commands table: docs/cli.md and the README's section between its markers must be what the
# program prints now, and the README's line on exit codes, written by hand, names those there are.
#   tests/cli/pages.sh PROGRAM [--renew]
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$1
section() { sed -n '/<!-- commands:begin -->/,/<!-- commands:end -->/p' README.md; }
wanted=$(printf '<!-- commands:begin -->\n%s\n<!-- commands:end -->' "$("$program" help --markdown --brief)")

if [ "${2:-}" = --renew ]; then
  "$program" help --markdown >docs/cli.md
  readme=$(awk -v new="$wanted" '
    /<!-- commands:begin -->/ { print new; inside = 1 }
    !inside { print }
    /<!-- commands:end -->/ { inside = 0 }' README.md)
  printf '%s\n' "$readme" >README.md
  exit
fi
failed=0
"$program" help --markdown | diff -u docs/cli.md - || failed=1
[ -n "$(section)" ] || { echo "README.md has no section between <!-- commands:begin --> and <!-- commands:end -->"; failed=1; }
diff -u <(section) <(printf '%s\n' "$wanted") || failed=1
[ $failed -eq 0 ] || echo "renew them with: tests/cli/pages.sh PROGRAM --renew"
codes() { grep -oE '(^|[,:|]) *[0-9]+ ' | tr -dc '0-9\n'; }
diff <("$program" help --markdown | sed -n '/^| exit code/,/^$/p;/^## /q' | codes) \
  <(sed -n '/^Exit codes: /,/^$/p' README.md | tr '\n' ' ' | codes) ||
  { echo "README.md: the exit codes on the left are those there are"; failed=1; }
exit $failed
