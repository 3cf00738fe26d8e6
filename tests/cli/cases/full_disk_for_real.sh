# A small file system of its own, where the kernel lets us make one: every step into the full disk ends with a reason, and
# goes on when there is room again.
unshare -rm true 2>"$SAID/err" || { echo 'no small file system: unshare is not allowed here'; exit 77; }
eyes_project
cd .. && mkdir disk
inside='
. "$1/support.sh"
mount -t tmpfs -o size=3m none disk && cp -r project disk/ && cd disk/project || exit 1
dd if=/dev/zero of=../filler bs=1k 2>/dev/null
{ echo image,level; for patient in $(seq 1000 9000); do echo "${patient}_left,0"; done; } >../../many.csv
show "eyenet label import ../../many.csv --unknown add"
show "eyenet train --subset small --model ../../tiny.net --target eye --epochs 1 --name full -q"
show "eyenet report first"
truncate -s -150k ../filler
show "eyenet label import ../../many.csv --unknown add"
show "find . -name \"*.part*\""
rm ../filler
show "eyenet doctor --csv | grep -v ^ok | cut -d, -f1,2"
show "eyenet train --subset small --model ../../tiny.net --target eye --epochs 1 --name roomy -q | head -n 2"
'
unshare -rm bash -c "$inside" inside "$TESTS"
