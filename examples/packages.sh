#!/usr/bin/env bash
# Installs the Debian packages eyenet needs, if any are missing: names them first, uses sudo when not root.
#   packages.sh build     to build and run eyenet
#   packages.sh tests     the same, and what the tests need
#   packages.sh ci        the same, and what only some of them use: another compiler, other shells
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=examples/progress.sh
. "$here/examples/progress.sh"

build=(gcc libc6-dev cmake ninja-build pkg-config
  libsqlite3-dev libcurl4-openssl-dev libarchive-dev libpng-dev libjpeg62-turbo-dev libtiff-dev libwebp-dev
  libopenblas-dev libssl-dev zlib1g-dev libjansson-dev libcsv-dev libutf8proc-dev
  librandom123-dev libcairo2-dev fonts-dejavu-core)
tests=(libcmocka-dev python3-minimal sqlite3 zip)
ci=(clang clang-format-14 lld wasi-libc libclang-rt-14-dev-wasm32 fish zsh)

case "${1:-}" in
build) wanted=("${build[@]}") ;;
tests) wanted=("${build[@]}" "${tests[@]}") ;;
ci) wanted=("${build[@]}" "${tests[@]}" "${ci[@]}") ;;
*) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
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
# Make builds as well: ninja alone is not worth an installation, except for the tests, whose presets name it.
if [ "$1 ${missing[*]}" = "build ninja-build" ] && { command -v ninja || command -v make; } >/dev/null; then
  exit 0
fi

root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "packages.sh: not root, and there is no sudo; ask your administrator to run:" >&2
    echo "    apt-get install ${missing[*]}" >&2
    exit 1
  fi
  root=(sudo)
fi
echo "Packages to install: ${missing[*]}" | fold -s -w "$(columns)"
# The password is asked for here, not under a line that is being updated.
if [ ${#root[@]} -gt 0 ] && ! sudo -n true 2>/dev/null; then
  sudo -v || { echo "packages.sh: sudo refused; ask your administrator to install them" >&2; exit 1; }
fi
log=$here/build/logs/packages.log
mkdir -p "$here/build/logs" 2>/dev/null && [ -w "$here/build/logs" ] || log=$(mktemp)
apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o APT::Status-Fd=1 -o Dpkg::Use-Pty=0)
install=(install -y --no-install-recommends)
watched "$log" "Updating the list of packages" "${apt[@]}" update || exit 1
watched "$log" "Downloading packages" "${apt[@]}" "${install[@]}" --download-only "${missing[@]}" || exit 1
watched "$log" "Installing packages" "${apt[@]}" "${install[@]}" "${missing[@]}" || exit 1
