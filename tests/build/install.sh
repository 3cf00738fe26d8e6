#!/usr/bin/env bash
# 'cmake --install' into a DESTDIR with a blank: everything is there, nothing else is, and nothing points outside of it.
#   install.sh CMAKE BUILD
set -euo pipefail
cmake=$1 build=$2
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
failed=0
wrong() { echo "$*"; failed=1; }
DESTDIR="$room/a root" "$cmake" --install "$build" --prefix /opt/eye >"$room/log" || { cat "$room/log"; exit 1; }
cd "$room/a root"
found=$(find . -mindepth 1 -maxdepth 2)
[ "$found" = $'./opt\n./opt/eye' ] || wrong "installed outside of the prefix: $found"
cd opt/eye
program=$PWD/bin/eyenet

# What must be there; the pages of single commands, the documents and the models are looked at below.
for file in bin/eyenet include/eyenet/eyenet.h share/man/man1/eyenet.1 share/bash-completion/completions/eyenet \
  share/zsh/site-functions/_eyenet share/fish/vendor_completions.d/eyenet.fish share/doc/eyenet/{README.md,LICENSE,CHANGELOG.md,examples/embed.c}; do
  [ -s "$file" ] || wrong "missing or empty: $file"
done
library=$(find lib* -name 'libeyenet.so.0')
[ -e "$library" ] || wrong "missing: libeyenet.so.0"
pc=$(find lib* -name eyenet.pc)
[ -s "$pc" ] || wrong "missing: eyenet.pc"
other=$(find . -type f ! -path './bin/eyenet' ! -path './include/eyenet/eyenet.h' ! -path './lib*/libeyenet.so*' ! -path './lib*/pkgconfig/eyenet.pc' \
  ! -path './share/man/man1/eyenet*.1' ! -path './share/doc/eyenet/*' ! -path './share/*/completions/eyenet' ! -path './share/zsh/*/_eyenet' \
  ! -path './share/fish/*/eyenet.fish')
[ -z "$other" ] || wrong "installed, though nobody said so: $other"

# The program runs from there, and every command that it lists has a page.
"$program" --version >/dev/null || wrong "bin/eyenet does not run"
sed -n 's/^| \[`eyenet \([a-z ]*\)`\].*/\1/p' share/doc/eyenet/README.md >"$room/commands"
[ -s "$room/commands" ] || wrong "README.md lists no commands"
while read -r command; do
  [ -s "share/man/man1/eyenet-${command// /-}.1" ] || wrong "no man page: eyenet $command"
done <"$room/commands"
bash -n share/bash-completion/completions/eyenet || wrong "the completion is not bash"

# Relative links of the documents lead somewhere, in the installed tree as in the source.
for page in share/doc/eyenet/*.md share/doc/eyenet/docs/*.md; do
  { grep -oE '\]\([^)]+\)' "$page" | sed 's/^](//; s/)$//'; grep -oE 'src="[^"]+"' "$page" | sed 's/^src="//; s/"$//'; } |
    sed 's/#.*//' | grep -vE '^$|^[a-z]+://' | sort -u >"$room/links" || true
  while read -r target; do
    [ -e "$(dirname "$page")/$target" ] || wrong "$page: a link leads nowhere: $target"
  done <"$room/links"
done
grep -rlF "$build" . >"$room/leaks" || true
grep -vE '^\./(bin/|lib)' "$room/leaks" && wrong "the folder of the build is named in what was installed"
exit $failed
