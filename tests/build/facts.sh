#!/usr/bin/env bash
# The recorded commit is that of the build, not of the configuration; generated files are rewritten only when they change, so
# a comment in one statement does not recompile what includes the list of statements.
#   facts.sh CMAKE EMBED CC
set -euo pipefail
cmake=$1 embed=$2
top=$(cd "$(dirname "$0")/../.." && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room"
failed=0
check() { # WHAT EXPECTED FOUND
  [ "$2" = "$3" ] && return
  echo "$1: expected '$2', found '$3'"
  failed=1
}
age() { touch -d '2020-01-01' "$@"; }
year() { date -r "$1" +%Y; }

# A checkout: every build names its commit.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
git init -q checkout
version() { "$cmake" "-DSOURCE=$room/$1" "-DOUT=$room/commit.h" -P "$top/cmake/version.cmake"; }
named() { sed -n 's/#define EN_COMMIT "\(.*\)"/\1/p' commit.h; }
commit() {
  echo "$1" >checkout/file
  git -C checkout add file
  git -C checkout commit -qm "$1"
}
short() { git -C checkout rev-parse --short=12 HEAD; }
commit one
version checkout
check "first commit" "$(short)" "$(named)"
age commit.h
version checkout
check "year of an unchanged header" 2020 "$(year commit.h)"
commit two
version checkout
check "second commit, without configuring again" "$(short)" "$(named)"
echo three >checkout/file
version checkout
check "edited" "$(short)-dirty" "$(named)"
git -C checkout checkout -q file
git -C checkout tag -a v9 -m v9
version checkout
check "a tagged commit is still named by its hash" "$(short)" "$(named)"
mkdir checkout/unpacked plain
version checkout/unpacked
check "a folder in another project's checkout" unknown "$(named)"
GIT_CEILING_DIRECTORIES=$room version plain
check "no checkout" unknown "$(named)"

# The build compiles the commit into the program by that script, at build time.
grep -q 'add_custom_target(en_commit' "$top/src/base/CMakeLists.txt" || { echo "en_commit is not a target of every build"; failed=1; }

# Statements.
mkdir -p sql/run
printf -- '-- Comment.\nSELECT 1;\n' >sql/run/get.sql
"$embed" statements.h statements.c sql/run/get.sql
age statements.h statements.c
"$embed" statements.h statements.c sql/run/get.sql
check "year of the unchanged source" 2020 "$(year statements.c)"
printf -- '-- Other comment.\nSELECT 1;\n' >sql/run/get.sql
"$embed" statements.h statements.c sql/run/get.sql
check "year of the enum after a change of text" 2020 "$(year statements.h)"
check "year of the text after a change of text" "$(date +%Y)" "$(year statements.c)"
printf -- '-- Comment.\nSELECT 2;\n' >sql/run/put.sql
"$embed" statements.h statements.c sql/run/get.sql sql/run/put.sql
check "year of the enum after a new statement" "$(date +%Y)" "$(year statements.h)"
head -c 60 statements.h >cut.h && cp cut.h statements.h
"$embed" statements.h statements.c sql/run/get.sql sql/run/put.sql
check "statements in a header that was cut short" 2 "$(grep -c 'EN_SQL_RUN' statements.h)"

# Views.
mkdir -p sql/view
printf 'CREATE VIEW grades AS\n-- Every grade.\nSELECT 1;\n' >sql/view/grades.sql
"$embed" statements.h statements.c sql/run/get.sql sql/view/grades.sql
check "statements beside a view" 1 "$(grep -c 'EN_SQL_[RV]' statements.h)"
check "views" '    {"grades", text1},' "$(grep grades statements.c)"
cp sql/view/grades.sql sql/view/other.sql
check "a view in the file of another" "embed: sql/view/other.sql: a view begins with 'CREATE VIEW NAME AS', its file's name, and a comment of what it shows" "$("$embed" statements.h statements.c sql/view/other.sql 2>&1 || true)"

# The enum stays out of the headers that everything includes.
found=$(grep -l 'db/statements.h"' -r "$top/src" --include='*.h' | grep -v 'src/db/internal.h' || true)
check "headers that include the list of statements" "" "$found"
exit $failed
