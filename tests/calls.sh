#!/usr/bin/env bash
# Calls that src/ does without, each with what serves instead; and what only cli may do: print, exit, read the
# environment. SQL is in sql/ and migrations/, not in strings.
set -euo pipefail
cd "$(dirname "$0")/../src"
bad=0
forbid() { # WHY CALLS FILES...: names every line that calls one of them, comments left out
  local why=$1 calls=$2
  shift 2
  if grep -nE "(^|[^A-Za-z0-9_.>])($calls)\(" "$@" | grep -vE '^[^:]*:[0-9]+: *(/\*| \*)'; then
    echo "  ^ $why"
    bad=1
  fi
}
mapfile -t all < <(find . -name '*.[ch]' | LC_ALL=C sort)
but() { printf '%s\n' "${all[@]}" | grep -v "^\./$1"; }
mapfile -t below < <(but cli/)
mapfile -t no_text < <(but base/text.c)
mapfile -t no_memory < <(but base/memory.c)
[ ${#below[@]} -gt 100 ]

forbid "snprintf says how much room there is" 'strcpy|strncpy|strcat|strncat|stpcpy|sprintf|vsprintf|gets' "${all[@]}"
forbid "base/text.h reads numbers strictly" 'atoi|atol|atoll|atof|strtol|strtoul|strtoll|strtoull|strtod|sscanf|scanf' \
  "${no_text[@]}"
forbid "not safe with threads" 'strtok|gmtime|localtime|ctime|asctime|strerror|getpwuid|readdir64_r' "${all[@]}"
forbid "base/random.h draws the same numbers everywhere" 'rand|srand|random|srandom|drand48|rand_r' "${all[@]}"
forbid "base/memory.h, which tests can make fail" 'malloc|calloc|realloc|reallocarray|strdup|strndup|asprintf|vasprintf|alloca' \
  "${no_memory[@]}"
forbid "no shell, no temporary names anyone can guess" 'system|popen|tmpnam|tempnam|mktemp' "${all[@]}"
forbid "only cli prints" 'printf|vprintf|puts|putchar|perror|err|errx|warn|warnx' "${below[@]}"
forbid "only cli exits: errors are values" 'exit|_exit|quick_exit|abort' "${below[@]}"
forbid "only cli reads the environment" 'getenv|secure_getenv|setenv|putenv|unsetenv|setlocale' "${below[@]}"
if grep -nE '(^|[^\\])"(SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|CREATE|DROP|ALTER) ' "${below[@]}"; then
  echo "  ^ a statement has a file in sql/"
  bad=1
fi
echo "${#all[@]} files read"
exit $bad
