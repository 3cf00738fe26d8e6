# Help, man page and Markdown of each command: they are there and begin as they should, and no line of the help is longer than
# the terminal, whose width changes line ends and nothing else.
good_page() { # NAME FILE: what man pages are blamed for by those who check them, and by them where they are installed
  grep -qE '^\.TH EYENET.* 1 "[0-9]{4}-[0-9]{2}-[0-9]{2}" "eyenet [0-9.]+" "eyenet"$' "$2" || echo "$1: no date"
  awk -v name="$1" '/^\.PP/ && last ~ /^\.S[HS]/ { print name ": .PP after " last }
    /^$/ { print name ": an empty line after " last } { last = $0 }' "$2"
  ! command -v mandoc >/dev/null || mandoc -T lint -W warning <"$2"
  ! command -v groff >/dev/null || groff -man -ww -Tutf8 "$2" >/dev/null
}
words() { sed 's/ *\\$//' "$1" | tr -s ' \n' '\n'; }
for columns in 60 80; do
  COLUMNS=$columns eyenet help | awk -v most=$columns 'length > most { print "help: longer than " most ": " $0 }'
done
eyenet help --man >"$SAID/page" && good_page eyenet "$SAID/page"
eyenet help --names | while read -r name; do
  # shellcheck disable=SC2086 # the name may be two words
  eyenet $name --help >"$SAID/help" || echo "$name --help failed"
  # shellcheck disable=SC2086
  eyenet help $name | cmp - "$SAID/help"
  grep -q "^Usage: eyenet $name" "$SAID/help" || echo "$name: no usage"
  grep -q '^Examples:' "$SAID/help" || echo "$name: no examples"
  for columns in 60 80; do
    # shellcheck disable=SC2086
    COLUMNS=$columns eyenet help $name >"$SAID/narrow"
    # shellcheck disable=SC2086
    COLUMNS=$columns eyenet $name --help | cmp - "$SAID/narrow"
    awk -v name="$name" -v most=$columns 'length > most { print name ": longer than " most ": " $0 }' "$SAID/narrow"
    cmp <(words "$SAID/help") <(words "$SAID/narrow")
  done
  # shellcheck disable=SC2086
  eyenet help --man $name >"$SAID/page"
  grep -q '^\.SH SYNOPSIS' "$SAID/page" || echo "$name: no man page"
  good_page "$name" "$SAID/page"
  eyenet help --markdown | grep -q "^## eyenet $name$" || echo "$name: not in the Markdown"
done
echo "$(eyenet help --names | wc -l) commands"
# Examples that are wrapped are still what a shell reads as one command.
examples() { sed -n '/^Examples/,/^Exit/p' | sed '1d;$d'; }
show 'COLUMNS=60 eyenet help augment | examples'
show 'COLUMNS=60 eyenet help subset | examples'
show 'COLUMNS=60 eyenet help evaluate | examples'
eyenet() { printf '<%s>' "$@" | tr -s ' \n' ' '; echo; }
for name in train augment evaluate; do
  . <(COLUMNS=40 command eyenet help $name | examples | grep -vE '^ {6}[^W]')
done
