# Archives as other programs write them: behind a program that unpacks them, with a long comment, appended to, by a method that
# is not known, encrypted, without an end, and what is not one.
eyes_project
cd ..
eyenet -q init p
python3 - <<'END'
import glob, os, tarfile, zipfile
names = sorted(glob.glob("eyes/train/*.jpeg"))[:4]
with zipfile.ZipFile("a.zip", "w") as z:
    for name in names:
        z.writestr(zipfile.ZipInfo("train/" + os.path.basename(name)), open(name, "rb").read())
good = open("a.zip", "rb").read()
open("a.zip", "wb").write(good[:-2] + (40000).to_bytes(2, "little") + b"PK\5\6" * 10000)
open("good.zip", "wb").write(good)
open("setup.exe", "wb").write(b"MZ" + bytes(70000) + good)
for name, flags, method in (("deflate64.zip", 0, 9), ("aes.zip", 1, 99)):
    data, at = bytearray(good), zipfile.ZipFile("good.zip").start_dir
    for member in zipfile.ZipFile("good.zip").infolist():
        for p, field in ((member.header_offset, 6), (data.index(b"PK\1\2", at), 8)):
            data[p + field] |= flags
            data[p + field + 2] = method
        at = data.index(b"PK\1\2", at) + 4
    open(name, "wb").write(data)
with tarfile.open("a.tar", "w") as t:
    for name in names + names[1:3]:
        t.add(name, "train/" + os.path.basename(name))
with tarfile.open("other.tar", "w") as t:
    for name in names[:2]:
        t.add(name, "train/10_left.jpeg")
open("cut.tar", "wb").write(open("a.tar", "rb").read().rstrip(b"\0"))
END
size=$(wc -c <cut.tar)
truncate -s $(((size + 511) / 512 * 512)) cut.tar
printf 'Rar!\032\007\001\000' >a.rar
gzip -kn a.zip
rows() { grep -E 'kind|photographs|fetched|present'; }
show 'eyenet -C p fetch a.zip | rows'
show 'eyenet -C p fetch setup.exe | rows'
show 'eyenet -C p fetch deflate64.zip'
show 'eyenet -C p fetch aes.zip'
show 'eyenet -C p fetch a.tar | rows'
show 'eyenet -C p fetch cut.tar | rows'
show 'eyenet -C p fetch other.tar'
show 'eyenet -C p fetch a.rar'
show 'eyenet -C p fetch a.zip.gz'
show 'eyenet -C p sql --csv "SELECT count(*), count(DISTINCT sha256) FROM member"'
