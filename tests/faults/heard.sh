#!/usr/bin/env bash
# A request to stop is heard wherever the program waits or works for long in one call: in pipes that nobody writes to or reads
# from, in archives, in SQL on big values. Each command gets SIGINT, or SIGTERM, after a second, and must have ended soon after.
#   heard.sh PROGRAM [SECONDS]   how long it may take (default: 1)
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"
limit=${2:-1}
command -v python3 >/dev/null || { echo 'no python3'; exit 77; }
draw_eyes 8 64
project p chosen
mkdir photos
cp eyes/train/1_left.jpeg photos/900_left.jpeg
mkfifo photos/901_left.jpeg pipe pipe.zip unread held
exec 3<>held # so that who reads from it is not at its end
# 6,144,000 folders in 37 MB.
python3 - <<'END'
import tarfile
import zlib
folder = tarfile.TarInfo('d')
folder.type = tarfile.DIRTYPE
blocks, packer = folder.tobuf(tarfile.GNU_FORMAT) * 2048, zlib.compressobj(9, zlib.DEFLATED, 31)
with open('folders.tar.gz', 'wb') as out:
    for _ in range(3000):
        out.write(packer.compress(blocks))
    out.write(packer.flush())
END

# heard CODES SIGNAL COMMAND...: it ends within the limit after the signal, with one of the codes; or it has ended before.
heard() {
  local codes=$1 signal=$2 pid code=0 began ms
  shift 2
  env --default-signal=INT "$@" >"${to:-out}" 2>err <"${from:-/dev/null}" 3<&- &
  pid=$!
  sleep "${after:-1}"
  began=$(date +%s%N)
  kill -s "$signal" "$pid" 2>/dev/null || true
  for _ in $(seq 200); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.05
  done
  ms=$((($(date +%s%N) - began) / 1000000))
  kill -s KILL "$pid" 2>/dev/null || true
  wait "$pid" || code=$?
  [ "$ms" -le $((limit * 1000)) ] || wrong "'$*' ends $ms ms after SIG$signal"
  case " $codes " in
  *" $code "*) ;;
  *) wrong "'$*' ends with $code, not one of $codes: $(tail -n 1 err)" ;;
  esac
  printf '%5d ms  %3d  %s\n' "$ms" "$code" "${*:1:9}" | cut -c1-110
}

for signal in INT TERM; do
  heard 130 $signal eyenet -C p label import pipe
  heard 130 $signal eyenet -C p train --model pipe --subset small --target eye --name x
done
heard 130 INT eyenet -C p run import pipe --name x --target eye
heard 130 INT eyenet -C p model import pipe --as resnet18
heard 130 INT eyenet -C p model show pipe
heard 130 INT eyenet -C p sweep pipe
heard 130 INT eyenet -C p split audit pipe
from=held heard 130 INT eyenet -C p run log x --target eye
heard '0 3' INT eyenet -C p fetch photos
heard 3 INT eyenet -C p fetch pipe
heard 3 INT eyenet -C p fetch pipe.zip
heard 3 INT eyenet -C p import mlflow pipe
# Of these a million are read, which takes a fast machine less than a second, before the archive is refused.
after=0.2 heard '130 3' INT eyenet -C p fetch folders.tar.gz
after=0.2 heard '130 3' TERM eyenet -C p fetch folders.tar.gz
# A value is never so large that one function works on it for a second; many of them are heard between.
heard 3 INT eyenet -C p sql 'SELECT length(hex(zeroblob(4e8)))'
heard '0 3' INT eyenet -C p sql "SELECT hex(zeroblob(4e8)) LIKE '%1%0%1%0%1%x%'"
heard 130 INT eyenet -C p sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
  SELECT sum(length(replace(hex(zeroblob(4e6 + i % 7)), '0', 'ab'))) FROM n"
heard 130 INT eyenet -C p sql "SELECT count(*) FROM (SELECT 1 FROM images a, images b, images c, images d, images e, images f,
  images g, images h ORDER BY random())"
# Output into a pipe that is open and never read.
sleep 60 <unread &
reader=$!
to=unread heard 130 INT eyenet -C p sql --csv "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, hex(zeroblob(1000)) FROM n"
kill "$reader"
finish
