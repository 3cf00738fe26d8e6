# Limits on the size of files stand for a disk that fills up: the catalog stays whole and nothing is half written.
eyes_project
limited() { # KIBIBYTES COMMAND...
  (ulimit -f "$1" && shift && "$@")
}
{
  echo image,level
  for patient in $(seq 1000 6000); do echo "${patient}_left,0"; done
} >many.csv
size=$(($(stat -c %s eyenet.db) / 1024 + 20))
dump >"$SAID/before"
show 'limited $size eyenet label import many.csv --unknown add'
show 'limited 4 eyenet report first --out big.html'
show 'limited 4 eyenet train --subset small --model ../tiny.net --target eye --epochs 1 --name small_disk -q'
show 'limited 1 eyenet init ../other; find ../other -type f'
dump >"$SAID/after"
diff "$SAID/before" "$SAID/after" && echo '(the project is as it was)'
show 'eyenet doctor --csv | grep -vE "^(ok|note,sqlite)"'
