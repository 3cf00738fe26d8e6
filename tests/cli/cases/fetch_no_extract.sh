# Archives that are only downloaded, and unpacked later from what came.
command -v python3 >/dev/null || { echo "no python3 for the server"; exit 77; }
eyes_project
cd ..
mkdir site
python3 - <<'END'
import glob, os, zipfile
with zipfile.ZipFile("whole.zip", "w") as z:
    for name in sorted(glob.glob("eyes/train/*.jpeg"))[:6]:
        z.writestr(zipfile.ZipInfo("train/" + os.path.basename(name)), open(name, "rb").read())
data = open("whole.zip", "rb").read()
n = len(data) // 3 + 1
for k in range(3):
    open("site/train.zip.%03d" % (k + 1), "wb").write(data[k * n:(k + 1) * n])
END
cp eyes/train/1_left.jpeg site/
mkfifo hold
python3 "$TESTS/../support/http_server.py" site requests <hold >port &
exec 9>hold
while [ ! -s port ]; do sleep 0.05; kill -0 $! || exit 1; done
url=http://127.0.0.1:$(cat port)/plain
port=$(cat port)
told() { sed -e "s/:$port/:PORT/g" -e "s#/downloads/[0-9a-f]*#/downloads/KEY#"; }
rows() { grep -E 'kind|volumes|photographs|fetched|present|downloaded'; }
eyenet -q init p
show 'eyenet -C p fetch --no-extract "$url/train.zip.002" | grep -v bytes' | told
show 'cat p/downloads/*/train.zip.00? | cmp - whole.zip && ls p/photos'
show 'eyenet -C p fetch --no-extract -q "$url/train.zip.001" | rows'
show 'eyenet -C p fetch --no-extract --sha256 "$(sha256sum <whole.zip | cut -d" " -f1)" -q "$url/train.zip.001" | rows'
show 'eyenet -C p fetch "$url/train.zip.001" | rows'
show 'ls p/downloads'
show 'eyenet -C p fetch --no-extract "$url/train.zip.001" | rows'
echo "# a wrong hash"
rm -rf p && eyenet -q init p
show 'eyenet -C p fetch --no-extract --sha256 "$(printf %064d 1)" -q "$url/train.zip.001" 2>&1 | sed "s/is [0-9a-f]\{64\}/is HASH/"' | told
show 'ls p/downloads'
echo "# a photograph is no archive; what is here is no download; nothing to choose from"
show 'eyenet -C p fetch --no-extract "$url/1_left.jpeg" | rows'
show 'eyenet -C p fetch --no-extract whole.zip'
show 'eyenet -C p fetch --no-extract --head 2 "$url/train.zip.001"'
show 'eyenet -C p fetch --no-extract --only "*_left*" "$url/train.zip.001"'
exec 9>&-
wait
