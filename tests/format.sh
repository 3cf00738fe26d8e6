#!/usr/bin/env bash
# Reads every C file against .clang-format. Other versions of clang-format wrap differently, so without version 14 (Debian
# 12's package clang-format-14) this is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
for name in clang-format-14 clang-format; do
  if "$name" --version 2>/dev/null | grep -q 'version 14\.'; then
    find cmake examples include src tests -name '*.[ch]' -print0 | xargs -0 "$name" --dry-run --Werror 2>&1 | head -n 40
    exit
  fi
done
echo "no clang-format 14 here: apt-get install clang-format-14"
exit 77
