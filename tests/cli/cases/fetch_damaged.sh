# Damaged photographs as rows, brought anew; split zips; the first, and those of patients; what is verified afterwards.
eyes_project
cd ..
eyenet -q init p
python3 - <<'END'
import glob, os, struct, zipfile
names = sorted(glob.glob("eyes/train/*.jpeg"))[:6]
with zipfile.ZipFile("good.zip", "w") as z:
    for name in names:
        z.writestr(zipfile.ZipInfo("train/" + os.path.basename(name)), open(name, "rb").read())
good = open("good.zip", "rb").read()
data, members = bytearray(good), zipfile.ZipFile("good.zip").infolist()
data[members[3].header_offset + 400] ^= 1
data[members[5].header_offset + 400] ^= 1
third = len(good) // 3 + 1
os.mkdir("whole")
for n in range(3):
    open("a.zip.%03d" % (n + 1), "wb").write(data[n * third:(n + 1) * third])
    open("whole/a.zip.%03d" % (n + 1), "wb").write(good[n * third:(n + 1) * third])
# The same as a split zip: places are within volumes.
end = good.rindex(b"PK\5\6")
at, bytes_ = struct.unpack("<I", good[end + 16:end + 20])[0], bytearray(b"PK\7\x08" + good)
at += 4
cut = [0, third, 2 * third, len(bytes_)]
place = lambda offset: max((n, offset - cut[n]) for n in range(3) if cut[n] <= offset)
p = at
while bytes_[p:p + 4] == b"PK\1\2":
    name, extra, comment = struct.unpack("<HHH", bytes_[p + 28:p + 34])
    disk, offset = place(struct.unpack("<I", bytes_[p + 42:p + 46])[0] + 4)
    bytes_[p + 34:p + 36], bytes_[p + 42:p + 46] = struct.pack("<H", disk), struct.pack("<I", offset)
    p += 46 + name + extra + comment
disk, offset = place(at)
bytes_[p + 4:p + 8], bytes_[p + 16:p + 20] = struct.pack("<HH", 2, disk), struct.pack("<I", offset)
for n, name in enumerate(("split.z01", "split.z02", "split.zip")):
    open(name, "wb").write(bytes_[cut[n]:cut[n + 1]])
END
rows() { grep -E 'kind|volumes|photographs|fetched|present|needed'; }
show 'eyenet -C p fetch a.zip.001'
show 'eyenet -C p sql --csv "SELECT path, volume, reason FROM damaged ORDER BY path"'
show 'eyenet -C p fetch --retry 2>&1 | cut -c1-60'
cp whole/* .
show 'eyenet -C p fetch --retry --terms https://example.org/terms | rows'
show 'eyenet -C p fetch --retry'
show 'eyenet -C p sql --csv "SELECT count(*) AS damaged, (SELECT group_concat(version || state) FROM source) AS sources FROM damaged"'
show 'eyenet -C p sql --csv "SELECT file, count(*), sum(bytes), min(terms), min(program) = max(program) FROM manifest GROUP BY file"'
show 'eyenet -C p fetch split.z01 | rows'
show 'eyenet -C p fetch --dry-run --head 3 good.zip | rows'
show 'eyenet -C p fetch --head 3 good.zip | rows'
show 'eyenet -C p fetch --patients 12,13,99 good.zip | rows'
show 'eyenet -C p fetch --verify'
chmod u+w p/photos/2/train/*
printf x >>p/photos/2/train/10_left.jpeg
rm p/photos/2/train/10_right.jpeg
show 'eyenet -C p fetch --verify split.zip'
show 'eyenet -C p fetch split.zip | rows'
show 'eyenet -C p fetch --verify | rows'
show 'eyenet -C p fetch --verify none.zip'
mv split.z02 kept
show 'eyenet -C p fetch split.z01'
mv split.z01 kept2
show 'eyenet -C p fetch split.zip'
show 'eyenet -C p fetch'
