# Objects of S3, from moto with signatures and rights enforced.
python3 -c 'import moto, boto3' 2>/dev/null || { echo "no moto for an S3"; exit 77; }
eyes_project
cd ..
mkdir -p site/eyes/photos/a site/eyes/more site/eyes/odd
cp eyes/train/1_left.jpeg eyes/train/1_right.jpeg eyes/train/2_left.jpeg site/eyes/photos/a
cp eyes/train/2_right.jpeg 'site/eyes/odd/9 & 10 + ü=?#%_right.jpeg'
echo "image,level" >site/eyes/photos/labels.csv
python3 - <<'END'
import glob, os, zipfile
with zipfile.ZipFile("whole.zip", "w") as z:
    for name in sorted(glob.glob("eyes/train/*.jpeg"))[6:12]:
        z.writestr(zipfile.ZipInfo("train/" + os.path.basename(name)), open(name, "rb").read())
data = open("whole.zip", "rb").read()
n = len(data) // 3 + 1
for k in range(3):
    open("site/eyes/more/train.zip.%03d" % (k + 1), "wb").write(data[k * n:(k + 1) * n])
END
mkfifo hold
python3 "$TESTS/../support/s3_server.py" site requests <hold >port 2>/dev/null &
exec 9>hold
while [ ! -s port ]; do sleep 0.05; kill -0 $! || exit 1; done
read -r port key secret nokey nosecret guest guestsecret session _ <port
export AWS_ENDPOINT_URL="http://127.0.0.1:$port" AWS_ACCESS_KEY_ID="$key" AWS_SECRET_ACCESS_KEY="$secret" HOME="$PWD/home"
mkdir -p home/.aws
rows() { grep -E 'volumes|photographs|fetched|present|skipped'; }
eyenet -q init p

echo "# a folder, by pages; the second time only the listing is asked for"
show 'eyenet -C p fetch s3://eyes/photos | rows'
before=$(wc -l <requests)
show 'eyenet -C p fetch s3://eyes/photos/ | rows'
echo "$(($(wc -l <requests) - before)) requests, $(grep -c continuation-token requests) further pages"
echo "# an archive in volumes, by any of them; an object by its name; everything"
show 'eyenet -C p fetch s3://eyes/more/train.zip.002 | rows'
show 'eyenet -C p fetch s3://eyes/more/train.zip | rows'
show "eyenet -C p fetch 's3://eyes/odd/9 & 10 + ü=?#%_right.jpeg' | rows"
show 'eyenet -C p fetch s3://eyes | rows'
show 'eyenet -C p sql --csv "SELECT source_id, uri, kind, state FROM source"'
echo "# credentials"
show "AWS_ACCESS_KEY_ID=$nokey AWS_SECRET_ACCESS_KEY=$nosecret eyenet -C p fetch s3://eyes/photos" | sed 's/AKIA[A-Z0-9]*/KEY/; s/KEY=[^ ]* eyenet/KEY=SECRET eyenet/'
show 'AWS_SECRET_ACCESS_KEY=other eyenet -C p fetch s3://eyes/photos'
guest() { AWS_ACCESS_KEY_ID="$guest" AWS_SECRET_ACCESS_KEY="$guestsecret" AWS_SESSION_TOKEN="$1" eyenet -C p fetch --force s3://eyes/photos; }
show 'guest "$session" | rows'
echo "$(grep -cF "AWS4-HMAC-SHA256 | $session" requests) requests with the session"
show 'guest other | rows'
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_ENDPOINT_URL
printf '[default]\naws_access_key_id = other\naws_secret_access_key = other\n[lab]\naws_access_key_id = %s\naws_secret_access_key=%s\n' \
  "$key" "$secret" >home/.aws/credentials
printf '[profile lab]\nregion = eu-west-3\nendpoint_url = http://127.0.0.1:%s/\n' "$port" >home/.aws/config
chmod 644 home/.aws/credentials
show 'AWS_PROFILE=lab eyenet -C p fetch s3://eyes/photos | rows'
show 'AWS_PROFILE=none eyenet -C p fetch s3://eyes/photos | rows'
chmod 600 home/.aws/credentials
echo "# names"
export AWS_PROFILE=lab
show 'eyenet -C p fetch s3://eyes/nothing'
show 'eyenet -C p fetch s3://eyes/photos/labels.csv'
show 'eyenet -C p fetch s3://nobucket/eyes'
show 'eyenet -C p fetch s3://No_Bucket/eyes'
grep -rlF -e "$secret" -e "$session" p || echo "no secrets"
exec 9>&-
wait
