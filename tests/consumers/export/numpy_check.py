"""numpy_check.py FOLDER PACK CATALOG: what `export npy`, `npz` and `folder` wrote, against the pack and the catalog."""
import csv
import hashlib
import json
import os
import sqlite3
import sys

import numpy as np

folder, pack, catalog = sys.argv[1:4]
size = 33
db = sqlite3.connect(catalog)
db.text_factory = lambda b: b.decode("utf-8", "replace")
raw = np.fromfile(pack, np.uint8)[4096:]
slot_bytes = -(-size * size * 3 // 64) * 64
slots = raw.reshape(-1, slot_bytes)[:, : size * size * 3].reshape(-1, size, size, 3)
slot = dict(db.execute("SELECT i.name, s.slot FROM sample s JOIN image i USING (image_id)"))
facts = {r[0]: r[1:] for r in db.execute("SELECT image, patient, eye, part, grade, dataset FROM images")}
assert len(slot) == 6

X = np.load(os.path.join(folder, "X.npy"), mmap_mode="r", allow_pickle=False)
labels = np.load(os.path.join(folder, "X.labels.npy"), allow_pickle=False)
assert X.shape == (len(labels), size, size, 3) and X.dtype == np.uint8
assert X.shape[0] == db.execute("SELECT count(*) FROM variants").fetchone()[0] > 6
assert list(labels["image"]) == sorted(labels["image"], key=lambda s: s.replace("\ufffd", "\udcff").encode("utf-8", "surrogateescape"))
classes = sorted(set(labels["label"]))
assert classes == ["0", "1", "3", "none"], classes
mirrored = turned = 0
for pixels, row in zip(X, labels):
    patient, eye, part, grade, dataset = facts[row["image"]]
    if row["mirror"]:
        eye = {"left": "right", "right": "left"}[eye]
    assert (row["patient"], row["eye"], row["part"], row["dataset"]) == (patient, eye, part, dataset), row
    assert row["grade"] == (-1 if grade is None else grade) and row["gradable"] == -1
    assert row["label"] == ("none" if grade is None else str(grade)) and classes[row["class"]] == row["label"]
    sample = slots[slot[row["image"]]]
    if row["rotation"] == 0:
        assert (pixels == (sample[:, ::-1] if row["mirror"] else sample)).all(), row
        mirrored += row["mirror"]
    elif row["rotation"] == 90 and not row["mirror"]:
        turned += 1
        assert (pixels == np.rot90(sample)).mean() > 0.5, row
assert mirrored > 0 and set(labels["rotation"]) != {0}

Z = np.load(os.path.join(folder, "X.npz"), allow_pickle=False)
assert sorted(Z) == ["X", "classes", "labels", "y"]
assert list(Z["classes"]) == ["0", "1", "3"] and (Z["y"] == Z["labels"]["class"]).all()
known = labels["label"] != "none"
assert 0 < known.sum() < len(known)
assert (Z["X"] == X[known]).all() and (Z["labels"]["image"] == labels["image"][known]).all()

about = json.load(open(os.path.join(folder, "folder", "about.json")))
S = np.load(os.path.join(folder, "folder", "samples.npy"), mmap_mode="r")
rows = list(csv.DictReader(open(os.path.join(folder, "folder", "splits.csv"), newline="", encoding="utf-8", errors="replace")))
assert S.shape == (6, size, size, 3) and list(S.shape) == about["shape"] and about["split"] == "main"
assert [int(r["row"]) for r in rows] == list(range(6)) and sorted(r["image"] for r in rows) == sorted(slot)
for pixels, r in zip(S, rows):
    patient, eye, part, grade, dataset = facts[r["image"]]
    assert hashlib.sha256(pixels.tobytes()).hexdigest() == r["sha256"]
    assert (pixels == slots[slot[r["image"]]]).all()
    assert (r["patient"], r["eye"], r["part"], r["dataset"]) == (patient, eye, part, dataset)
    assert r["grade"] == ("" if grade is None else str(grade)) and r["gradable"] == ""
print(f"numpy: {len(X)} rows of npy, {known.sum()} of npz, {len(S)} of the folder; {mirrored} mirrored")
