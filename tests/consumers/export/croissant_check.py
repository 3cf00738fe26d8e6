"""croissant_check.py DOCUMENT CATALOG: mlcroissant reads what `export croissant` wrote without an error, hashes are those
of the files, and the records are what the catalog says."""
import hashlib
import json
import os
import sqlite3
import sys

import mlcroissant

document, catalog = sys.argv[1:]
folder = os.path.dirname(os.path.abspath(document))
dataset = mlcroissant.Dataset(jsonld=document)
assert not dataset.metadata.ctx.issues.errors, dataset.metadata.ctx.issues.report()
metadata = json.load(open(document, encoding="utf-8"))
assert metadata["conformsTo"] == "http://mlcommons.org/croissant/1.1"
files = {f["@id"]: f for f in metadata["distribution"]}
known = {f.id: f for f in dataset.metadata.distribution}
assert files.keys() == known.keys() and files
for id, f in files.items():
    data = open(os.path.join(folder, f["contentUrl"]), "rb").read()
    assert hashlib.sha256(data).hexdigest() == f["sha256"] == known[id].sha256, f
    assert f["contentSize"] == f"{len(data)} B", f


def text(value):
    if value is None or value != value:  # pandas has NaN for null
        return None
    return value.decode() if isinstance(value, bytes) else value


def read(name):
    return [{k.split("/")[1]: text(v) for k, v in r.items()} for r in dataset.records(name)]


assert [r["name"] for r in read("splits")] == ["train", "val", "test"]
assert [r["grade"] for r in read("grades")] == [0, 1, 2, 3, 4]
records = {r["path"]: r for r in read("photographs")}
db = sqlite3.connect(f"file:{catalog}?mode=ro", uri=True)
db.row_factory = sqlite3.Row
rows = db.execute("SELECT * FROM images WHERE path IS NOT NULL").fetchall()
assert len(records) == len(rows) == len(files), (len(records), len(rows), len(files))
same = ["sha256", "status", "reason", "image", "dataset", "patient", "eye", "grade", "gradable", "eyeq", "width", "height"]
for row in rows:
    record = records[row["path"]]
    assert files[record["file"]]["contentUrl"] == row["path"], record
    assert record["split"] == row["part"], (record, dict(row))
    for key in same:
        assert record[key] == row[key], (key, record, dict(row))
own = db.execute("""SELECT i.path, l.scheme, l.grade, l.meaning FROM labels l JOIN images i ON i.image_id = l.image_id
  JOIN schemes s ON s.scheme = l.scheme WHERE s.built_in = 0 AND i.path IS NOT NULL""").fetchall()
found = read("labels") if own else []
assert {(files[r["file"]]["contentUrl"], r["scheme"], r["value"], r["meaning"]) for r in found} == {tuple(r) for r in own}
assert len(found) == len(own)
if own:
    scales = {tuple(r) for r in db.execute("SELECT scheme, lowest, highest, meanings FROM schemes WHERE built_in = 0")}
    assert {(r["scheme"], r["lowest"], r["highest"], r["meanings"]) for r in read("schemes")} == scales
print(f"{len(records)} photographs, {sum(r['part'] is not None for r in rows)} in a part: as in the catalog")
