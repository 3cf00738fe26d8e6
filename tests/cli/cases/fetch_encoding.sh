# Names in a code page that is not one of those that are recognised: Greek ones pass for Cyrillic until they are told.
python3 - <<'EOF'
import io, os, tarfile, zipfile
names = [word.encode("cp1253") + b"_1.jpg" for word in ("δεξί", "αριστερό")]
os.mkdir("folder")
def tar(path, names):
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT, encoding="latin-1") as t:
        for i, name in enumerate(names):
            member = tarfile.TarInfo(name.decode("latin-1"))
            member.size = 2
            t.addfile(member, io.BytesIO(b"%d\n" % i))
for i, name in enumerate(names):
    open(b"folder/" + name, "wb").write(b"%d\n" % i)
tar("eyes.tar", names)
with zipfile.ZipFile("eyes.zip", "w") as z: # zipfile itself would mark such names as UTF-8
    for i, name in enumerate(names):
        z.writestr("xy"[i] * len(name), b"%d\n" % i)
data = open("eyes.zip", "rb").read()
for i, name in enumerate(names):
    data = data.replace(b"xy"[i:i + 1] * len(name), name)
open("eyes.zip", "wb").write(data)
with zipfile.ZipFile("outer.zip", "w") as z:
    z.write("eyes.tar", "eyes.tar")
EOF
for source in folder eyes.tar eyes.zip outer.zip; do
  rm -rf p
  eyenet -q init p
  show "eyenet -C p fetch $source --encoding cp1253 | grep -E '^(photographs|fetched|present)'"
  show 'eyenet -C p sql --csv "SELECT substr(path, 10) AS name FROM member ORDER BY name"'
  show "eyenet -C p fetch $source | grep -E '^(photographs|fetched|present)'" # as they were read before
done
show 'eyenet -C p fetch outer.zip --encoding CP1253 | grep present'
show 'eyenet -C p fetch outer.zip --encoding CP1251'
show 'eyenet -C p sql --csv "SELECT uri LIKE '"'%!%'"' AS inside, encoding FROM source_encoding JOIN source USING (source_id)"'

# What is here under the name that was recognised does not come again under the right one.
for source in folder eyes.tar; do
  rm -rf p
  eyenet -q init p
  show "eyenet -C p fetch $source | grep -E '^(photographs|fetched)'"
  show 'eyenet -C p sql --csv "SELECT substr(path, 10) AS name FROM member ORDER BY name"'
  show "eyenet -C p fetch $source --encoding CP1253"
done
rm -rf p
eyenet -q init p
show 'eyenet -C p fetch folder --encoding klingon'
show 'eyenet -C p fetch folder --encoding ASCII'
show 'eyenet -C p fetch eyes.tar --encoding ASCII'
show 'eyenet -C p sql --csv "SELECT count(*) AS members FROM member"'
