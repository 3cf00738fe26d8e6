# Reads what sync_log.c wrote down and says what a power cut could have torn: a name before its bytes, a row before its
# photographs or samples, an empty part beside an old note, a name that never reached the disk.
function folder(path) { sub("/[^/]*$", "", path); return path }
function beside(path, ending, other) { return substr(path, 1, length(path) - length(ending)) other }
function wrong(text) { print "line " NR ": " text; bad = 1 }
BEGIN { FS = "\t" }
$1 == "write" && /-wal$/ {
  for (path in dirty) if (path ~ /\.pack$/) wrong("a row before the samples in " path)
  for (path in names) if (path ~ /\/(photos|downloads)\//) wrong("a row before the names in " path)
}
$1 == "write" && /\.part$/ && (beside($2, ".part", ".note") in dirty) { wrong("bytes before their note: " $2) }
$1 == "write" && /\.note$/ && (beside($2, ".note", ".part") in cut) { wrong("a note beside the bytes of another: " $2) }
$1 == "write" || $1 == "truncate" { dirty[$2]; delete clean[$2] }
$1 == "truncate" { cut[$2] }
$1 == "fsync" { delete dirty[$2]; delete cut[$2]; delete names[$2]; clean[$2] }
$1 == "syncfs" { for (path in dirty) clean[path]; delete dirty; delete cut; delete names }
$1 == "rename" {
  if (!($2 in clean)) wrong("a name before its bytes: " $3)
  delete clean[$2]
  clean[$3]
  if ($2 !~ /\.next$/) names[folder($3)] # of a model's two names either will do: training/model.h
}
$1 == "mkdir" { sub("/+$", "", $2); names[folder($2)] }
END {
  for (path in names) wrong("names in " path " never reached the disk")
  exit bad
}
