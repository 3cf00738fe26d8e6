# A part of a source, a file by its hash, archives of several forms, and damage in them.
eyes_project
cd ..
eyenet -q init p
python3 - <<'END'
import glob, os, tarfile, zipfile
names = sorted(glob.glob("eyes/train/*.jpeg"))[:6]
with zipfile.ZipFile("a.zip", "w") as z:
    for name in names:
        z.writestr(zipfile.ZipInfo("train/" + os.path.basename(name)), open(name, "rb").read())
for form in ("xz", "bz2"):
    with tarfile.open("a.tar." + form, "w:" + form) as t:
        for name in names[:2]:
            info = tarfile.TarInfo(form + "/" + os.path.basename(name))
            info.size = os.path.getsize(name)
            t.addfile(info, open(name, "rb"))
data = bytearray(open("a.zip", "rb").read())
data[zipfile.ZipFile("a.zip").infolist()[3].header_offset + 400] ^= 1
open("damaged.zip", "wb").write(data)
END
rows() { grep -E 'kind|photographs|fetched|present'; }
show 'eyenet -C p fetch --only "*_left.*" a.zip | rows'
show 'eyenet -C p sql --csv "SELECT state FROM source"'
show 'eyenet -C p fetch --only "train/12_*" a.zip'
show 'eyenet -C p fetch a.zip | rows'
show 'eyenet -C p sql --csv "SELECT state FROM source"'
show 'eyenet -C p fetch a.tar.xz | rows'
show 'eyenet -C p fetch --only "*right*" a.tar.bz2 | rows'
hash=$(sha256sum <a.zip | cut -d" " -f1)
show 'eyenet -C p fetch --sha256 "$hash" a.zip | rows'
show 'eyenet -C p fetch --sha256 "${hash:1}0" a.zip 2>&1 | sed "s/[0-9a-f]\{64\}/HASH/g"'
show 'eyenet -C p fetch --sha256 "$hash" eyes/train'
show 'eyenet -C p fetch damaged.zip'
show 'eyenet -C p sql --csv "SELECT s.state, count(*) AS photographs FROM source s JOIN member USING (source_id) GROUP BY source_id"'
