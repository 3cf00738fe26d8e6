# Archives inside of archives: zips of zips, volumes in a zip, several deep; damage; what is hostile.
eyes_project
cd ..
python3 - <<'END'
import glob, io, os, tarfile, zipfile, zlib
names = sorted(glob.glob("eyes/train/*.jpeg"))[:12]
def zipped(files, stored=True):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as z:
        for name, data in files:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            z.writestr(info, data)
    return out.getvalue()
def eyes(names, folder):
    return [(folder + "/" + os.path.basename(n), open(n, "rb").read()) for n in names]
def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as t:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()
def cut(name, data, pieces):
    size = -(-len(data) // pieces)
    return [("%s.%03d" % (name, i + 1), data[i * size:(i + 1) * size]) for i in range(pieces)]
def put(path, data):
    open(path, "wb").write(data)
train = zipped(eyes(names[:5], "train"))
# as a competition comes in one zip: volumes, and labels
put("retina.zip", zipped(cut("train.zip", train, 3) + [("trainLabels.csv.zip", b"PK"), ("readme.txt", b"hello"),
                         ("test/test.zip", zipped(eyes(names[5:7], "test")))] + eyes(names[7:8], "loose")))
# volumes of a zip that holds a zip, and one in a tar in a zip
outer = zipped([("train.zip", zipped(eyes(names[8:10], "deep")))], False)
for name, data in cut("data.zip", outer, 2):
    put(name, data)
put("three.tgz", tar([("a.zip", zipped([("b.tar.gz", tar(eyes(names[10:11], "b")))]))]))
put("four.zip", zipped([("a.zip", zipped([("b.zip", zipped([("c.zip", zipped([("d.zip", zipped(eyes(names[11:], "d")))]))]))]))]))
put("texts.zip", zipped([("papers.zip", zipped([("a.txt", b"a")]))]))
# one photograph wrong in an inner archive, and an inner one cut short
bad = bytearray(zipped([("train.zip", train), ("more.zip", zipped(eyes(names[5:7], "more")))]))
at = bytes(bad).index(open(names[2], "rb").read()[:200])
bad[at + 400] ^= 1
put("damaged.zip", bad)
put("short.zip", zipped([("a.zip", train[:-40]), ("b.zip", zipped(eyes(names[5:7], "more")))]))
# bombs: one that unpacks to 300 times its size in two steps, and one archive that contains itself
flat = zipped([("x.jpg", b"\0" * (1 << 26))], False)
put("bomb.zip", zipped([("%d.zip" % i, zipped([("y.zip", flat)], False)) for i in range(40)], False))
put("many.zip", zipped([("%d.zip" % i, b"PK") for i in range(1200)], False))
END
rows() { grep -E '^!|kind|volumes|photographs|fetched|present'; }
for source in retina.zip data.zip.001 three.tgz; do
  eyenet -q init "p-$source"
  show "eyenet -C p-$source fetch $source | rows"
  show "eyenet -q -C p-$source fetch $source | rows"
done
show 'eyenet -C p-retina.zip sql --csv "SELECT replace(uri, '"'$PWD/'"', '"''"') AS uri, kind, state, (SELECT count(*) FROM member m WHERE m.source_id = s.source_id) AS photographs FROM source s"'
show 'eyenet -C p-retina.zip fetch --verify retina.zip | rows'
rm p-retina.zip/photos/*/train/*
show 'eyenet -q -C p-retina.zip fetch retina.zip | rows'
show 'ls p-retina.zip/downloads'
eyenet -q init q
show 'eyenet -q -C q fetch --head 3 retina.zip | rows'
show 'eyenet -q -C q fetch --only "*_left.*" retina.zip | rows'
show 'eyenet -q -C q fetch retina.zip | rows'
for source in four.zip texts.zip damaged.zip short.zip bomb.zip many.zip; do
  show "eyenet -q -C q fetch $source"
done
show 'eyenet -C q sql --csv "SELECT replace(source, '"'$PWD/'"', '"''"') AS source, path, volume, reason FROM damaged"'
python3 - <<'END'
import io, zipfile
data = bytearray(open("damaged.zip", "rb").read())
good = zipfile.ZipFile("retina.zip")
train = b"".join(good.read("train.zip.%03d" % i) for i in (1, 2, 3))
out = io.BytesIO()
with zipfile.ZipFile("damaged.zip", "w") as z:
    z.writestr(zipfile.ZipInfo("train.zip"), train)
END
show 'eyenet -q -C q fetch --retry | rows'
show 'eyenet -C q sql "SELECT count(*) AS damaged FROM damaged"'
show 'ls q/downloads'
