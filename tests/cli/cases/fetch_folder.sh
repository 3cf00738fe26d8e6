# Archives in a folder: volumes, split zips, tars, what lies beside photographs; file: URLs.
eyes_project
cd ..
eyenet -q init p
mkdir -p volumes mixed/deep joined broken
python3 - <<'END'
import glob, io, os, shutil, tarfile, zipfile
names = sorted(glob.glob("eyes/train/*.jpeg"))[:12]
def zipped(names, folder):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name in names:
            z.writestr(zipfile.ZipInfo(folder + "/" + os.path.basename(name)), open(name, "rb").read())
    return out.getvalue()
def put(path, data):
    open(path, "wb").write(data)
def cut(path, data, pieces):
    size = -(-len(data) // pieces)
    for i in range(pieces):
        put("%s.%03d" % (path, i + 1), data[i * size:(i + 1) * size])
def tar(names):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as t:
        for name in names:
            t.add(name, os.path.basename(name))
    return out.getvalue()
cut("volumes/train.zip", zipped(names[:4], "train"), 3)
cut("volumes/test.tar.gz", tar(names[4:7]), 2)
cut("volumes/eyes", zipped(names[7:9], "eyes"), 2)   # no name of an archive
put("volumes/labels.csv.zip", b"PK")
put("volumes/notes.001", b"not an archive")
for name in names[:2]:
    shutil.copy(name, "mixed")
put("mixed/unpacked.zip", zipped(names[:2], "x"))
put("mixed/deep/more.zip", zipped(names[9:11], "more"))
put("mixed/._more.zip", b"junk")
whole = zipped(names[11:], "one")
put("joined/one.zip", whole)
cut("joined/one.zip", whole, 2)
put("broken/a.zip", zipped(names[:1], "a")[:-30])
put("broken/b.zip", zipped(names[5:6], "b"))
cut("broken/c.zip", zipped(names[6:7], "c"), 3)
os.unlink("broken/c.zip.002")
END
rows() { grep -E '^!|kind|sources|photographs|fetched|present|:|none'; }
show 'eyenet -C p fetch volumes'
show 'eyenet -C p fetch volumes | rows'
show 'eyenet -C p fetch mixed | rows'
show 'eyenet -C p fetch "file://$PWD/joined" | rows'
show "eyenet -q -C p fetch broken"
show 'eyenet -C p fetch --verify volumes'
show 'eyenet -C p sql --csv "SELECT kind, count(*) AS photographs FROM source s JOIN member USING (source_id) GROUP BY source_id"'
eyenet -q init q
show 'eyenet -C q fetch --head 5 volumes | rows'
show 'eyenet -C q fetch --dry-run volumes | rows'
show 'eyenet -C q fetch "file://elsewhere/eyes"'
show 'eyenet -C q fetch "file:///no/such%20place"'
hash=$(cat volumes/train.zip.* | sha256sum | cut -d" " -f1)
show 'eyenet -C q fetch --sha256 "$hash" volumes 2>&1 | rows'
