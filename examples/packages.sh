#!/usr/bin/env bash
# Installs the Debian packages eyenet needs, if any are missing: names them first, uses sudo when not root.
#   packages.sh build     to build and run eyenet
#   packages.sh tests     the same, and what the tests need
set -euo pipefail

build=(gcc libc6-dev cmake ninja-build pkg-config
  libsqlite3-dev libcurl4-openssl-dev libarchive-dev libpng-dev libjpeg62-turbo-dev libopenblas-dev
  libssl-dev zlib1g-dev libjansson-dev libcsv-dev librandom123-dev libcairo2-dev fonts-dejavu-core)
tests=(libcmocka-dev python3-minimal sqlite3 zip)

case "${1:-}" in
build) wanted=("${build[@]}") ;;
tests) wanted=("${build[@]}" "${tests[@]}") ;;
*) sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "packages.sh: this is not Debian; install what your system calls: ${wanted[*]}" >&2
  exit 0
fi
missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "packages.sh: not root and no sudo; ask for: ${missing[*]}" >&2; exit 1; }
  root=(sudo)
fi
echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
log=$(mktemp)
if ! { "${root[@]}" apt-get update && "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y \
  --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
  tail -n 5 "$log" >&2
  echo "packages.sh: the installation failed; its whole output is in $log" >&2
  exit 1
fi
rm -f "$log"
