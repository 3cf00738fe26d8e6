#!/usr/bin/env bash
# nginx.sh PROGRAM BUILD: `fetch` from an unmodified nginx, as Debian has it: volumes, pieces of a zip by its members,
# what is damaged anew, certificates, logins, limits, pages for every name, kills. How much came is nginx's own count.
set -euo pipefail
eyenet=$(realpath "$1")
nginx=$(PATH="$PATH:/usr/sbin" command -v nginx) || {
  echo "SKIPPED: there is no nginx (Debian: nginx-light)"
  exit 77
}
command -v openssl python3 >/dev/null || {
  echo "SKIPPED: there is no openssl or python3"
  exit 77
}
scratch=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; wait; rm -rf "$scratch"' EXIT
cd "$scratch"
export LANG=C.UTF-8
unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR
wrong() {
  echo "wrong: $*"
  cat err 2>/dev/null || true
  exit 1
}

# The photographs of the test, as a zip in volumes and whole; the volumes of an archive that is not a zip.
"$eyenet" -q phantom eyes --patients 150 --max-width 300 --seed 5 --volumes 400K >/dev/null
mkdir www www/site www/slow www/few www/shut empty
mv eyes/train.zip.* www/
cat www/train.zip.* >www/whole.zip
tar -C eyes -czf all.tgz train
split -b 500000 -d -a 3 --numeric-suffixes=1 all.tgz www/site/all.tgz.
for other in slow few shut; do ln -s ../whole.zip "www/$other/whole.zip"; done
for volume in www/train.zip.*; do ln -s "../${volume##*/}" "www/site/${volume##*/}"; done
cp www/whole.zip 'www/all my éyes.zip'
count=$(find eyes/train -type f | wc -l)
size=$(stat -c %s www/whole.zip)

# The same photographs as a split zip, where there is a program that makes one.
if command -v zip >/dev/null; then
  (cd eyes && zip -q -r -s 400k ../www/split.zip train)
  for volume in www/split.z*; do ln -s "../${volume##*/}" "www/site/${volume##*/}"; done
else
  echo "SKIPPED: no split zip is tried: there is no zip"
fi

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
  -keyout key.pem -out cert.pem 2>/dev/null
printf 'user:%s\n' "$(openssl passwd -apr1 secret)" >users
echo '<!DOCTYPE html><title>the site</title>' >www/site/index.html
read -r port secure < <(python3 -c 'import socket
s = [socket.socket() for _ in range(2)]
for one in s: one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in s])')
cat >nginx.conf <<END
$([ "$(id -u)" != 0 ] || echo 'user root;')
daemon off;
worker_processes 1;
pid $scratch/nginx.pid;
error_log $scratch/error.log;
events { worker_connections 256; }
http {
  log_format bytes '\$status \$body_bytes_sent \$request_uri \$http_range';
  access_log $scratch/access.log bytes;
  client_body_temp_path $scratch/empty; proxy_temp_path $scratch/empty; fastcgi_temp_path $scratch/empty;
  uwsgi_temp_path $scratch/empty; scgi_temp_path $scratch/empty;
  default_type text/plain;
  gzip on; gzip_types *; gzip_min_length 1;
  limit_conn_zone \$binary_remote_addr zone=each:1m;
  server {
    listen 127.0.0.1:$port;
    listen 127.0.0.1:$secure ssl;
    ssl_certificate $scratch/cert.pem;
    ssl_certificate_key $scratch/key.pem;
    root $scratch/www;
    location /site/ { try_files \$uri /site/index.html; types { text/html html; } }
    location /slow/ { limit_rate 300k; }
    location /few/ { limit_conn each 2; limit_rate 2000k; }
    location /shut/ { auth_basic eyes; auth_basic_user_file $scratch/users; }
  }
}
END
"$nginx" -e "$scratch/error.log" -c "$scratch/nginx.conf" -p "$scratch" &
server=$!
for _ in $(seq 100); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  kill -0 "$server" || wrong "nginx did not start: $(cat error.log)"
  sleep 0.1
done
http=http://127.0.0.1:$port https=https://127.0.0.1:$secure

# project NAME: a new one, which becomes the current folder.
project() {
  "$eyenet" -q init "$scratch/$1" >/dev/null
  cd "$scratch/$1"
  : >"$scratch/access.log"
}
# expect CODE ARGUMENTS...: what `eyenet fetch` ends with.
expect() {
  local wanted=$1 code=0
  shift
  "$eyenet" fetch "$@" >"$scratch/out" 2>"$scratch/err" || code=$?
  [ "$code" = "$wanted" ] || (cd "$scratch" && wrong "fetch $* ended with $code, not $wanted")
}
# come N: so many photographs are there, and each is what was drawn.
come() {
  local there
  there=$(find photos -type f | wc -l)
  [ "$there" = "$1" ] || (cd "$scratch" && wrong "$there photographs are there, not $1")
  find photos -type f | while read -r path; do
    cmp -s "$path" "$scratch/eyes/train/${path##*/}" || (cd "$scratch" && wrong "'$path' has other bytes")
  done
}
sent() { awk '{ n += $2 } END { print n + 0 }' "$scratch/access.log"; }
member_bytes() { find photos -type f -printf '%s\n' | awk '{ n += $1 } END { print n + 0 }'; }
# little: what nginx sent is less than 1.2 times the photographs that are there.
little() {
  awk -v sent="$(sent)" -v members="$(member_bytes)" -v what="$1" 'BEGIN {
    printf "%s: %d bytes for members of %d: %.3f\n", what, sent, members, sent / members; exit sent >= 1.2 * members }' ||
    (cd "$scratch" && wrong "$1 took too many bytes")
}

project volumes
expect 0 "$http/train.zip.003"
come "$count"
: >"$scratch/access.log"
expect 0 "$http/train.zip.001"
[ "$(sent)" = 0 ] || wrong "a second fetch took $(sent) bytes"
expect 0 --verify
victim=$(find photos -type f -print -quit)
rm "$victim"
expect 1 --verify
: >"$scratch/access.log"
expect 0 "$http/train.zip.001"
come "$count"

project members
expect 0 --head 100 "$http/train.zip.001"
come 100
little "--head 100 of volumes"
project whole
expect 0 --head 100 "$http/whole.zip"
come 100
little "--head 100 of one zip"
project patients
seq 1 50 >"$scratch/list"
expect 0 --patients "$scratch/list" "$http/train.zip.002"
come 100
little "--patients of volumes"
project only
expect 0 --only '*_left*' "$http/train.zip.001"
come $((count / 2))
little "--only of volumes"
: >"$scratch/access.log"
expect 0 "$http/train.zip.001"
come "$count"
[ "$(sent)" -lt $((size * 6 / 10)) ] || wrong "the other half took $(sent) of $size bytes"

if [ -e "$scratch/www/split.zip" ]; then
  project split
  expect 0 --head 100 "$http/split.z03"
  come 100
  little "--head 100 of a split zip"
  expect 0 "$http/split.z01"
  come "$count"
  [ "$("$eyenet" sql --csv 'SELECT name FROM dataset' | tail -n 1)" = split ] || wrong "the dataset is not called split"
  : >"$scratch/access.log"
  expect 0 "$http/split.z01"
  [ "$(sent)" -lt 1000 ] || wrong "a second fetch took $(sent) bytes"
  project split_whole
  expect 0 "$http/site/split.z02"
  come "$count"
  : >"$scratch/access.log"
  expect 0 "$http/site/split.z01"
  [ "$(sent)" -lt 1000 ] || wrong "a second fetch took $(sent) bytes"
  project split_short
  mv "$scratch/www/split.z04" "$scratch/kept"
  expect 3 "$http/split.z01"
  grep -q "volumes, and 4 are here" "$scratch/err" || wrong "it is not said how many volumes there must be"
  mv "$scratch/kept" "$scratch/www/split.z04"
  expect 0 "$http/split.z01"
  come "$count"
  expect 3 "$http/split.zip"
  grep -q "split.z01' is missing" "$scratch/err" || wrong "it is not said that this is the last volume"
fi

# A bit of the second volume is wrong; there anew, --retry takes the bytes of that member alone.
project damaged
flip() { python3 -c 'import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(200000); byte = f.read(1)[0]; f.seek(200000); f.write(bytes([byte ^ 4]))' "$scratch/www/train.zip.002"; }
flip
expect 3 "$http/train.zip.001"
grep -q "train.zip.002" "$scratch/err" || wrong "the volume is not named"
come $((count - 1))
flip
: >"$scratch/access.log"
expect 0 --retry
come "$count"
[ "$(sent)" -lt 150000 ] || wrong "--retry took $(sent) bytes"
echo "--retry of one member: $(sent) bytes of $size"

# A site that has its page for every name.
project site
expect 0 "$http/site/train.zip.001"
come "$count"
grep -q "the volumes end before it" "$scratch/err" || wrong "no note of the page"
project tar
expect 0 "$http/site/all.tgz.001"
come "$count"
expect 3 "$http/site/nothing.zip"
grep -q "is a web page" "$scratch/err" || wrong "the page is not called one"

# Certificates: of one's own only when they are named.
project certificates
expect 75 "$https/whole.zip"
grep -q "cannot trust" "$scratch/err" || wrong "it is not said that the server is not trusted"
SSL_CERT_FILE=$scratch/cert.pem expect 0 --head 10 "$https/whole.zip"
CURL_CA_BUNDLE=$scratch/cert.pem expect 0 "$https/whole.zip"
come "$count"

project login
expect 4 "$http/shut/whole.zip"
expect 0 "${http/\/\//\/\/user:secret@}/shut/whole.zip"
come "$count"
! grep -q secret "$scratch/out" "$scratch/err" || wrong "the password is shown"

# More connections than it allows are answered 503: fewer are used.
project few
expect 0 "$http/few/whole.zip"
come "$count"

project blanks
expect 0 "$http/all my éyes.zip"
come "$count"

# Killed at some moments, it goes on: nothing comes twice but what the connections held.
project kills
for moment in 0.5 1 1.5; do
  timeout -s KILL "$moment" "$eyenet" -q fetch --jobs 1 "$http/slow/whole.zip" >/dev/null || true
done 2>/dev/null
expect 0 --jobs 1 "$http/slow/whole.zip"
come "$count"
echo "after three kills: $(sent) bytes sent of a file of $size"
[ "$(sent)" -lt $((size * 2)) ] || wrong "too much came twice"
echo "all as it should be"
