# Help, man page and Markdown of each command: they are there, begin as they should, and hold no line too long to read.
eyenet help --names | while read -r name; do
  # shellcheck disable=SC2086 # the name may be two words
  eyenet $name --help >"$SAID/help" || echo "$name --help failed"
  # shellcheck disable=SC2086
  eyenet help $name | cmp - "$SAID/help"
  grep -q "^Usage: eyenet $name" "$SAID/help" || echo "$name: no usage"
  grep -q '^Examples:' "$SAID/help" || echo "$name: no examples"
  awk -v name="$name" 'length > 100 && !/^  eyenet/ { print name ": a long line: " $0 }' "$SAID/help"
  # shellcheck disable=SC2086
  eyenet help --man $name | grep -q '^\.SH SYNOPSIS' || echo "$name: no man page"
  eyenet help --markdown | grep -q "^## eyenet $name$" || echo "$name: not in the Markdown"
done
echo "$(eyenet help --names | wc -l) commands"
