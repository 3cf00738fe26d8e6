#!/usr/bin/env bash
# Machines that lack something: address space, descriptors, a /tmp, a standard output, stack. Every family of commands does its work
# or says in one line what is missing, within seconds: no signal, no internal error, no hang.
#   starve.sh PROGRAM [SECONDS]   how long each may take (default: 20); prints a table of exit codes
whole=$(realpath "$(dirname "$0")")/whole.sh
# shellcheck source-path=SCRIPTDIR source=support.sh
. "$(dirname "$0")/support.sh" "$1"
seconds=${2:-20}
command -v python3 >/dev/null || { echo 'no python3'; exit 77; }
# The program itself, and no link to it: it may be anywhere, in /tmp as well.
cp --remove-destination "$(realpath "$(command -v eyenet)")" "$scratch/bin/eyenet"
"$whole" >made 2>&1 || { cat made && exit 1; }
eyenet phantom large --patients 2 --max-width 2400 --seed 5 -q >/dev/null

limits=('ulimit -v 150000' 'ulimit -v 200000' 'ulimit -v 300000' 'ulimit -v 400000' 'ulimit -n 16' 'ulimit -n 8'
  'no /tmp' 'no output' 'full output' 'ulimit -s 256' 'EYENET_THREADS=64 ulimit -v 400000')
families=(version doctor runs sql ingest train predict compare report plot fetch label export backup embed evaluate)

command_of() {
  case $1 in
  version | doctor | runs) words=("$1") ;;
  sql) words=(sql 'SELECT image, grade FROM images ORDER BY image') ;;
  ingest) words=(ingest --recipe 'crop=retina size=512' -q) ;;
  train) words=(train --model ../tiny.net --subset small --target eye --epochs 1 --name third -q) ;;
  predict) words=(predict first ../large/train/1_left.jpeg ../large/train/2_left.jpeg) ;;
  compare) words=(compare first other) ;;
  report) words=(report first --out r.html) ;;
  plot) words=(plot roc first --out roc.png) ;;
  fetch) words=(fetch ../large/train -q) ;;
  label) words=(label import ../moreLabels.csv -q --unknown skip) ;;
  export) words=(export onnx first --out first.onnx) ;;
  backup) words=(backup ../saved -q) ;;
  embed) words=(embed other -q) ;;
  evaluate) words=(evaluate both --part train -q) ;;
  esac
}

# Within the limit, in the project's folder.
limited() {
  case $1 in
  'no /tmp') # a read-only one; the scratch folder lies beside it meanwhile
    unshare -m sh -c 'mount --bind "$0" /mnt && mount -t tmpfs -o ro none /tmp && cd /mnt/hurt && PATH=/mnt/bin:$PATH && exec "$@"' \
      "$scratch" "${@:2}"
    ;;
  'no output') "${@:2}" >&- ;;
  'full output') "${@:2}" >/dev/full ;;
  'EYENET_THREADS=64 ulimit -v 400000') ulimit -v 400000 && EYENET_THREADS=64 "${@:2}" ;;
  *) $1 && "${@:2}" ;;
  esac
}

# judge LIMIT FAMILY CODE
judge() {
  local said
  said=$(tail -n 1 err | cut -c1-200)
  case $3 in
  0) ;;
  1) [ "$2" = doctor ] || wrong "$2 with $1 ends with 1: $said" ;;
  3 | 75) [ "$(grep -c '^eyenet: ' err)" -eq 1 ] || wrong "$2 with $1 ends with $3 and not one line: $(cat err)" ;;
  124 | 137) wrong "$2 with $1 does not end within $seconds s" ;;
  *) wrong "$2 with $1 ends with $3: $said" ;;
  esac
}

unshare -m sh -c 'mount --bind / /mnt' 2>/dev/null || { # only root may: this row is left out
  echo 'not looked at without a /tmp: that needs root'
  for i in "${!limits[@]}"; do [ "${limits[i]}" != 'no /tmp' ] || unset "limits[i]"; done
}
printf '%-36s' ''
printf '%9s' "${families[@]}"
echo
for limit in "${limits[@]}"; do
  printf '%-36s' "$limit"
  for family in "${families[@]}"; do
    rm -rf hurt saved && cp -r whole hurt
    command_of "$family"
    code=0
    (cd hurt && limited "$limit" timeout -k 1 "$seconds" eyenet "${words[@]}" >../out 2>../err </dev/null) || code=$?
    printf '%9s' "$code"
    judge "$limit" "$family" "$code" >>judged
  done
  echo
done
cat judged
faults=$(wc -l <judged)
finish
