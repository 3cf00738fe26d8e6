# Lists what was not run and why, from the report that ctest --output-junit writes: a line for each skipped test with the last
# line it said, and one for each test inside a program that cmocka skipped, with what it said before as "SKIPPED: why".
#   awk -f tests/skipped.awk tests.xml
function plain(text) {
  gsub(/&lt;/, "<", text)
  gsub(/&gt;/, ">", text)
  gsub(/&quot;/, "\"", text)
  gsub(/&apos;/, "'", text)
  gsub(/&#x[0-9A-Fa-f]+;/, "", text)
  gsub(/&amp;/, "\\&", text)
  return text
}

/<testcase / {
  match($0, / name="[^"]*"/)
  name = substr($0, RSTART + 7, RLENGTH - 8)
  skipped = /status="notrun"/
  reason = why = ""
}

{
  line = $0
  sub(/^.*<system-out>/, "", line)
  sub(/<\/system-out>.*$/, "", line)
  if (line !~ /^[ \t]*(<.*)?$/) {
    reason = plain(line)
  }
}

/^SKIPPED: / {
  why = plain(line)
  sub(/^SKIPPED: /, "", why)
}

/^\[  SKIPPED \] [a-z]/ && !skipped {
  inside = plain(line)
  sub(/^\[  SKIPPED \] /, "", inside)
  if (inside !~ /^[0-9]+ test/ && !seen[name, inside]++) {
    print name ": " inside ": " (why != "" ? why : "it did not say why")
    why = ""
  }
}

/<\/testcase>/ && skipped {
  sub(/^(SKIPPED|skipped): /, "", reason)
  short = name
  sub(/^[a-z]+\./, "", short)
  if (index(reason, short ": ") == 1) {
    reason = substr(reason, length(short) + 3)
  }
  print name ": " (reason != "" ? reason : "it did not say why")
}
