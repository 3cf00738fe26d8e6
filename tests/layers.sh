#!/usr/bin/env bash
# Reads every #include "layer/..." under src/ against src/LAYERS: a file includes only its own layer and layers below it.
set -euo pipefail
cd "$(dirname "$0")/../src"
find . -name '*.[ch]' | LC_ALL=C sort | xargs awk '
  FILENAME == "LAYERS" {
    if ($0 ~ /^#/ || !/:/) next
    split($0, part, ":"); n = split(part[2], below, " ")
    sees[part[1], part[1]] = 1; known[part[1]] = 1
    for (i = 1; i <= n; i++) for (k in known) if (sees[below[i], k]) sees[part[1], k] = 1
    next
  }
  FNR == 1 { split(FILENAME, path, "/"); layer = path[2]; files++ }
  /^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, quoted, "\""); target = quoted[2]
    if (target ~ /\.\./) { print FILENAME ":" FNR ": includes through \"..\": " target; bad++; next }
    if (target ~ /^eyenet\// || target !~ /\//) next
    split(target, to, "/"); includes++
    if (!sees[layer, to[1]]) { print FILENAME ":" FNR ": " layer " may not include " target; bad++ }
  }
  END {
    if (!includes) { print "no includes were read"; exit 1 }
    printf "%d includes in %d files, %d against the layers\n", includes, files, bad
    exit bad > 0
  }' LAYERS
