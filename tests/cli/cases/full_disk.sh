# A disk that fills up, played by a limit on the size of files: the catalog stays whole and nothing is half written.
eyes_project
limited() { # KIBIBYTES COMMAND...
  (ulimit -f "$1" && shift && "$@")
}
labels=$(eyenet sql --csv "SELECT count(*) FROM labels" | tail -n 1)
{
  echo image,level
  for patient in $(seq 1000 6000); do echo "${patient}_left,0"; done
} >many.csv
size=$(($(stat -c %s eyenet.db) / 1024 + 20))
show "limited $size eyenet label import many.csv --unknown add" | sed "s/limited [0-9]*/limited N/"
show 'eyenet doctor --csv | grep -v "^ok"'
[ "$labels" = "$(eyenet sql --csv "SELECT count(*) FROM labels" | tail -n 1)" ] && echo 'as many labels as before'
show 'limited 4 eyenet report first --out big.html'
show 'ls | grep big'
show 'limited 1 eyenet init ../other'
show 'limited 4 eyenet train --subset small --model ../tiny.net --target eye --epochs 1 --name small_disk -q'
show 'find . -name "*.part*"'
show 'eyenet doctor --csv | grep -v "^ok"'
