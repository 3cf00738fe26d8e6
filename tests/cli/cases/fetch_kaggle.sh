# Kaggle's data, from a server that speaks its interface: pages, volumes, credentials and what to do without them.
command -v python3 >/dev/null || { echo "no python3 for the server"; exit 77; }
eyes_project
cd ..
mkdir -p site/competitions/retina site/competitions/loose/train site/datasets/public/fundus/eyes
python3 - <<'END'
import glob, os, zipfile
eyes = sorted(glob.glob("eyes/train/*.jpeg"))
def pack(path, names):
    with zipfile.ZipFile(path, "w") as z:
        for name in names:
            z.writestr(zipfile.ZipInfo("train/" + os.path.basename(name)), open(name, "rb").read())
pack("whole.zip", eyes[:6])
data = open("whole.zip", "rb").read()
n = len(data) // 3 + 1
for k in range(3):
    open("site/competitions/retina/train.zip.%03d" % (k + 1), "wb").write(data[k * n:(k + 1) * n])
pack("site/competitions/retina/sample.zip", eyes[6:8])
with zipfile.ZipFile("site/competitions/retina/trainLabels.csv.zip", "w") as z:
    z.writestr(zipfile.ZipInfo("trainLabels.csv"), "image,level\n")
open("site/competitions/retina/readme.txt", "w").write("read me")
for name in eyes[:3]:
    for place in ("competitions/loose/train", "datasets/public/fundus/eyes"):
        open("site/%s/%s" % (place, os.path.basename(name)), "wb").write(open(name, "rb").read())
pack("site/competitions/loose/more.zip", eyes[4:6])
END
mkfifo hold
python3 "$TESTS/../support/kaggle_server.py" site requests <hold >port &
exec 9>hold
while [ ! -s port ]; do sleep 0.05; kill -0 $! || exit 1; done
EYENET_KAGGLE_URL="http://127.0.0.1:$(cat port)/v1"
export EYENET_KAGGLE_URL
behave() { printf '%s' "$1" >site/behave.json; }
asked() { grep -c -- "$1" requests || true; }
project() { rm -rf p && eyenet -q init p; }
kept() { show 'eyenet -C p sql --csv "SELECT source_id, uri, kind, state FROM source"'; }
rows() { grep -E 'volumes|photographs|fetched|present|skipped'; }

echo "# nobody, and what to do"
project
show 'eyenet -C p fetch kaggle:retina'
show 'eyenet -C p fetch kaggle:public/fundus | rows'
echo "# a token, where Kaggle's tools keep it"
export HOME=$PWD/home
mkdir -p "$HOME/.kaggle"
(umask 077; echo good-token >"$HOME/.kaggle/access_token")
behave '{"page": 2, "empty": 2, "numbers": true}'
show 'eyenet -C p fetch kaggle:retina | rows'
kept
show 'eyenet -C p fetch kaggle:retina | rows'
show 'eyenet -C p fetch kaggle:retina/train.zip.002 | rows'
behave '{}'
show 'eyenet -C p fetch kaggle:loose | rows'
show 'eyenet -C p fetch kaggle:loose | rows'
echo "# names"
show 'eyenet -C p fetch kaggle:nothing'
show 'eyenet -C p fetch kaggle:alice/nothing'
show 'eyenet -C p fetch kaggle:retina/tran.zip.001'
show 'eyenet -C p fetch "kaggle:no such"'
show 'eyenet -C p fetch kaggle:retina/trainLabels.csv.zip'
behave '{"hide": "train.zip.002"}'
show 'eyenet -C p fetch kaggle:retina/train.zip.001'
echo "# rules, and tokens that are not good"
behave '{"rules": true}'
show 'eyenet -C p fetch kaggle:retina'
show 'eyenet -C p fetch kaggle:public/fundus'
behave '{}'
show 'KAGGLE_API_TOKEN=old-token eyenet -C p fetch kaggle:retina'
echo other >token
chmod 644 token
show 'KAGGLE_API_TOKEN=token eyenet -C p fetch kaggle:retina'
rm "$HOME/.kaggle/access_token"
show 'KAGGLE_USERNAME=alice KAGGLE_KEY=good-key eyenet -C p fetch kaggle:retina/sample.zip | rows'
(umask 077; echo '{"username": "alice", "key": "bad-key"}' >"$HOME/.kaggle/kaggle.json")
show 'eyenet -C p fetch kaggle:retina/sample.zip'
echo "# a login that is renewed"
(umask 077; echo '{"refresh_token": "good-refresh", "access_token": "stale", "access_token_expiration": "2020-01-01T00:00:00+00:00"}' \
  >"$HOME/.kaggle/credentials.json")
show 'eyenet -C p fetch kaggle:retina/sample.zip | rows'
behave '{"refresh": 401}'
show 'eyenet -C p fetch kaggle:retina/sample.zip'
behave '{}'
echo "# links that lead elsewhere"
project
for form in elsewhere file none; do
  behave "{\"link\": \"$form\"}"
  show 'eyenet -C p fetch kaggle:retina/sample.zip'
done
behave '{}'
show 'EYENET_KAGGLE_URL=http://example.org/v1 eyenet -C p fetch kaggle:retina'
echo "# listings that cannot be right"
for how in '"loop": true' '"summary": 1' '"garbage": true'; do
  behave "{$how}"
  show 'eyenet -C p fetch kaggle:retina'
done
behave '{"short": "sample.zip"}'
show 'eyenet -C p fetch kaggle:retina/sample.zip'
echo "# nothing of it is in the project, nor did it reach the storage"
grep -rlE 'good-token|good-key|good-refresh|fresh-|secret-' p || echo "no secrets"
echo "$(asked 'GET /storage.*| \(Bearer\|Basic\)') credentials at the storage"
echo "$(asked 'Bearer stale') stale tokens"
exec 9>&-
wait
