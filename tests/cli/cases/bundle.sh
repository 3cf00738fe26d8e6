# Bundles: a run goes to projects with none, some and all of its photographs.
eyes_project
cd ..
ours() { sed -E 's/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/UUID/g; s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/TIME/g; s/main [0-9a-f]{8}/main UUID8/g; s/[0-9a-f]{64}/HASH/g'; }
repack() { # FROM TO: member run-1/run.json as sed changes it, with the manifest that belongs to it
  python3 - "$1" "$2" "$3" <<'END'
import hashlib, json, re, sys, zipfile
names, data = [], {}
with zipfile.ZipFile(sys.argv[1]) as z:
    for n in z.namelist():
        names.append(n)
        data[n] = z.read(n)
exec(sys.argv[3])
m = json.loads(data["manifest.json"])
for x in m["members"]:
    if x["path"] in data:
        x["bytes"], x["sha256"] = len(data[x["path"]]), hashlib.sha256(data[x["path"]]).hexdigest()
if "edit" in globals():
    edit(m)
data["manifest.json"] = json.dumps(m).encode()
with zipfile.ZipFile(sys.argv[2], "w", globals().get("how", zipfile.ZIP_STORED)) as z:
    for n in names:
        z.writestr(n, data[n])
END
}
eyenet -C project evaluate first >/dev/null 2>&1
eyenet -C project runs tag first good >/dev/null
eyenet -C project runs note first 'of the first day' >/dev/null
echo "# export"
show 'eyenet -C project bundle export first -o first.bundle | grep -v "seconds\|bytes"'
show 'unzip -Z1 first.bundle'
show 'eyenet -C project bundle export first -o first.bundle | grep file'
show 'eyenet -C project bundle export first -o eyes/trainLabels.csv'
show 'eyenet -C project bundle export first first -o two.bundle'
show 'eyenet -C project bundle export nobody -o x.bundle'
echo "# to where it comes from: nothing changes"
cd project && unchanged 'eyenet bundle import ../first.bundle --csv' | ours && cd ..
echo "# to a project without photographs"
eyenet init empty >/dev/null
show 'eyenet -C empty bundle import first.bundle --csv' | ours
cd empty && unchanged 'eyenet bundle import ../first.bundle --csv' | ours && cd ..
show 'eyenet -C empty runs show first --csv | grep "^run,\|^evaluation" | grep -v "cpu\|host\|commit\|seconds\|_at"' | ours
show 'eyenet -C empty sql "SELECT image, patient, dataset, status FROM images ORDER BY image_id LIMIT 2" --csv'
show 'eyenet -C empty sql "SELECT count(*) AS with_part FROM images WHERE part IS NOT NULL" --csv'
show 'eyenet -C empty predict first eyes/train/1_left.jpeg --csv' >there
show 'eyenet -C project predict first eyes/train/1_left.jpeg --csv' >here
sed 's/-C project/-C empty/' here | diff - there && echo "(predicts as where it was trained)"
metrics() { eyenet -C "$1" report first --json >/dev/null && eyenet -C "$1" sql --csv "SELECT auc(score, truth) AS auc, count(*) AS n FROM predictions"; }
show 'metrics empty'
show 'metrics project'
show 'eyenet -C empty evaluate first' | ours
show 'eyenet -C empty export onnx first -o m.onnx | grep format'
show 'eyenet -C empty doctor --deep | grep -v "^ok\|^note\|^ "'
show 'eyenet -C empty bundle export first -o again.bundle | grep runs'
for m in run.json network.txt params.jsonl metrics.jsonl steps.jsonl model.safetensors; do
  cmp <(unzip -p first.bundle run-1/$m) <(unzip -p again.bundle run-1/$m) || echo "$m DIFFERS"
done
echo "# its name is taken"
eyenet init busy >/dev/null
eyenet -C busy run log first loss=1 >/dev/null
show 'eyenet -C busy bundle import first.bundle'
show 'eyenet -C busy bundle import first.bundle --name theirs --csv' | ours
show 'eyenet -C busy bundle import first.bundle --name @theirs'
echo "# to a project with the same photographs under other names, and a split of its own"
mkdir renamed
for f in eyes/train/*_left.jpeg eyes/train/*_right.jpeg; do cp "$f" "renamed/x$(basename "$f")"; done
rm renamed/x2_left.jpeg renamed/x3_*.jpeg
eyenet init third >/dev/null
eyenet -C third fetch renamed >/dev/null 2>&1
eyenet -C third ingest --recipe 'crop=retina size=32' >/dev/null 2>&1
eyenet -C third split main --test 0.5 --val 0.2 --seed 9 >/dev/null
eyenet -C third augment seed >/dev/null
show 'eyenet -C third bundle import first.bundle --csv' | ours
show "eyenet -C third sql \"SELECT image, patient, status FROM images WHERE status = 'listed' ORDER BY image\" --csv"
show 'eyenet -C third sql "SELECT DISTINCT split FROM images" --csv'
show 'eyenet -C third evaluate first | head -n 3' | ours
eyenet -C third subset later "SELECT variant_id FROM variants WHERE part = 'test' AND rotation = 0" >/dev/null
show 'eyenet -C third evaluate first --subset later'
show 'eyenet -C third doctor --deep | grep -v "^ok\|^note\|^ "'
echo "# with the photographs"
show 'eyenet -C project bundle export first --samples -o photos.bundle | grep "photographs\|pixels"'
show 'unzip -Z1 photos.bundle | sed -n "10,12p"'
eyenet init fourth >/dev/null
show 'eyenet -C fourth bundle import photos.bundle --csv' | ours
cd fourth && unchanged 'eyenet bundle import ../photos.bundle --csv' | ours && cd ..
show 'eyenet -C fourth sql "SELECT status, count(*), min(image), min(patient), min(path) FROM images GROUP BY status" --csv'
show 'eyenet -C fourth evaluate first 2>/dev/null | grep "^subset\|without\|accuracy"' | ours
show 'eyenet -C fourth reproduce first 2>/dev/null | grep "sha256" | sed "s/.* //" | uniq | wc -l'
show 'eyenet -C fourth doctor --deep | grep -v "^ok\|^note\|^ "'
cp -r project changed
truncate -s 100 "$(eyenet -C changed sql --csv "SELECT printf('%s/%s', 'changed', path) FROM images WHERE part = 'test' LIMIT 1" | tail -n 1)"
show 'eyenet -C changed bundle export first --samples -o changed.bundle; ls changed.bundle 2>/dev/null'
echo "# listed photographs take nobody's labels and names"
eyenet init fifth >/dev/null
eyenet phantom others --patients 3 --max-width 320 --seed 8 >/dev/null
eyenet -C fifth bundle import first.bundle >/dev/null 2>&1
eyenet -C fifth fetch others/train >/dev/null 2>&1
eyenet -C fifth ingest --recipe 'crop=retina size=32' >/dev/null 2>&1
show 'eyenet -C fifth label import others/trainLabels.csv 2>&1 | grep -v seconds'
show 'eyenet -C fifth sql "SELECT image, patient, dataset, status FROM images WHERE image LIKE '"'1_left%'"'" --csv'
echo "# other content under the same uuid"
repack first.bundle other.bundle 'data["run-1/params.jsonl"] = data["run-1/params.jsonl"].replace(b"0.001", b"0.002")'
cd empty && unchanged 'eyenet bundle import ../other.bundle' | ours && cd ..
echo "# damaged and hostile"
eyenet init victim >/dev/null
cd victim
echo mine >../outside.txt
refused() { unchanged "eyenet bundle import ../$1" | ours; ls runs downloads 2>/dev/null | grep -v : ; }
head -c 9000 ../first.bundle >../cut.bundle
refused cut.bundle
cp ../first.bundle ../flipped.bundle && printf X | dd of=../flipped.bundle bs=1 seek=5000 conv=notrunc status=none
refused flipped.bundle
repack ../first.bundle ../path.bundle 'edit = lambda m: m["members"][3].update(path="../outside.txt")'
refused path.bundle
repack ../first.bundle ../name.bundle 'edit = lambda m: m["runs"][0].update(name="../../outside")'
refused name.bundle
repack ../first.bundle ../twice.bundle 'edit = lambda m: m["members"].insert(1, m["members"][0])'
refused twice.bundle
repack ../first.bundle ../more.bundle 'names.append("runs/x"); data["runs/x"] = b"x"'
refused more.bundle
repack ../first.bundle ../version.bundle 'edit = lambda m: m.update(version=2)'
refused version.bundle
repack ../first.bundle ../view.bundle 'data["subsets.jsonl"] = data["subsets.jsonl"].replace(b"[2,0,0", b"[99999,0,0", 1)'
refused view.bundle
repack ../first.bundle ../spec.bundle 'data["run-1/network.txt"] = data["run-1/network.txt"].replace(b"dense 8", b"dense 9")'
refused spec.bundle
repack ../first.bundle ../weights.bundle 'data["run-1/model.safetensors"] = data["run-1/model.safetensors"][:-4] + b"\0\0\0\0"'
refused weights.bundle
repack ../first.bundle ../chance.bundle 'data["run-1/evaluations.jsonl"] = data["run-1/evaluations.jsonl"].replace(b"[0.", b"[7.", 1)'
refused chance.bundle
repack ../first.bundle ../hash.bundle 'edit = lambda m: m["members"][5].update(sha256="0" * 64)'
refused hash.bundle
repack ../first.bundle ../longer.bundle 'edit = lambda m: m["members"][5].update(bytes=10)'
refused longer.bundle
repack ../first.bundle ../bomb.bundle 'how = zipfile.ZIP_DEFLATED; data["run-1/steps.jsonl"] = b"[1,1,1,1,1,1]\n" * 6000000'
refused bomb.bundle
repack ../first.bundle ../bomb.bundle 'how = zipfile.ZIP_DEFLATED; data["run-1/steps.jsonl"] = b"[1,1,1,1,1,1]\n" * 6000000; edit = lambda m: [x.update(bytes=10) for x in m["members"]]'
refused bomb.bundle
repack ../photos.bundle ../picture.bundle 'data["photographs/0000003.jpeg"] = data["photographs/0000004.jpeg"]'
refused picture.bundle
refused eyes/trainLabels.csv
cat ../outside.txt
show 'eyenet doctor --deep | grep -v "^ok\|^note\|^ "'
