# Help, man page and Markdown of each command: they are there, begin as they should, and hold no line too long for 80 columns.
good_page() { # NAME FILE: what man pages are blamed for by those who check them, and by them where they are installed
  grep -qE '^\.TH EYENET.* 1 "[0-9]{4}-[0-9]{2}-[0-9]{2}" "eyenet [0-9.]+" "eyenet"$' "$2" || echo "$1: no date"
  awk -v name="$1" '/^\.PP/ && last ~ /^\.S[HS]/ { print name ": .PP after " last }
    /^$/ { print name ": an empty line after " last } { last = $0 }' "$2"
  ! command -v mandoc >/dev/null || mandoc -T lint -W warning <"$2"
  ! command -v groff >/dev/null || groff -man -ww -Tutf8 "$2" >/dev/null
}
eyenet help --man >"$SAID/page" && good_page eyenet "$SAID/page"
eyenet help --names | while read -r name; do
  # shellcheck disable=SC2086 # the name may be two words
  eyenet $name --help >"$SAID/help" || echo "$name --help failed"
  # shellcheck disable=SC2086
  eyenet help $name | cmp - "$SAID/help"
  grep -q "^Usage: eyenet $name" "$SAID/help" || echo "$name: no usage"
  grep -q '^Examples:' "$SAID/help" || echo "$name: no examples"
  awk -v name="$name" 'length > 80 { print name ": a long line: " $0 }' "$SAID/help"
  # shellcheck disable=SC2086
  eyenet help --man $name >"$SAID/page"
  grep -q '^\.SH SYNOPSIS' "$SAID/page" || echo "$name: no man page"
  good_page "$name" "$SAID/page"
  eyenet help --markdown | grep -q "^## eyenet $name$" || echo "$name: not in the Markdown"
done
echo "$(eyenet help --names | wc -l) commands"
