# Backups in a bucket, from moto with signatures and rights enforced.
python3 -c 'import moto, boto3' 2>/dev/null || { echo "no moto for an S3"; exit 77; }
eyes_project
cd ..
mkdir -p site/store site/full && echo x >site/full/x
mkfifo hold
python3 "$TESTS/../support/s3_server.py" site requests <hold >port 2>/dev/null &
exec 9>hold
while [ ! -s port ]; do sleep 0.05; kill -0 $! || exit 1; done
read -r port reader readersecret _ _ _ _ _ key secret <port
export AWS_ENDPOINT_URL="http://127.0.0.1:$port" AWS_ACCESS_KEY_ID="$key" AWS_SECRET_ACCESS_KEY="$secret" HOME="$PWD/home"
named() { sed -E 's/[0-9]{10}-[0-9a-f]{16}/NAME/g'; }
puts() { grep -c '^PUT' requests; }

echo "# only what is new is sent"
show 'eyenet -C project backup s3://store/retina/eyes | grep -v bytes' | named
before=$(puts)
show 'eyenet -C project backup s3://store/retina/eyes | grep new_'
echo "$(($(puts) - before)) object was written: the manifest"
show 'eyenet backup --list s3://store/retina/eyes/ --csv | cut -d , -f 1,4,5'
show 'eyenet backup --verify s3://store/retina/eyes | grep -v bytes'
show 'eyenet -C project backup s3://store'
ls -d project/eyenet.db.copy 2>/dev/null
echo "# restored"
show 'eyenet restore s3://store/retina/eyes there | grep -v bytes' | named
show 'diff -r project/photos there/photos && diff -r project/runs there/runs && eyenet -C there doctor | grep -c "^ok"'
echo "# rights, and other places"
export AWS_ACCESS_KEY_ID="$reader" AWS_SECRET_ACCESS_KEY="$readersecret"
show 'eyenet -C project backup s3://store/other'
echo more >project/runs/more.txt
show 'eyenet -C project backup s3://store/retina/eyes'
show 'eyenet restore s3://store/retina/eyes again | grep files'
show 'eyenet backup --list s3://store/nothing'
show 'eyenet -C project backup s3://full'
show 'eyenet -C project backup s3://full/x'
show 'AWS_SECRET_ACCESS_KEY=x eyenet restore s3://store/retina/eyes never'
grep -rlF -e "$secret" -e "$readersecret" project there || echo "no secrets"
exec 9>&-
wait
