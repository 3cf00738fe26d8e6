"""fhir_check.py BUNDLE.json CSV: fhir.resources (R4B) and fhirclient (R4) accept the bundle, and it says what the CSV says."""
import csv
import json
import sys

from fhir.resources.R4B.bundle import Bundle
from fhirclient.models.bundle import Bundle as StrictBundle

text = open(sys.argv[1], encoding="utf-8").read()
Bundle.parse_raw(text)
StrictBundle(json.loads(text), strict=True)
bundle = json.loads(text)
rows = {r["image"]: r for r in csv.DictReader(open(sys.argv[2], newline="", encoding="utf-8", errors="replace"))}
seen, urls, grades = set(), set(), 0
for entry in bundle["entry"]:
    report = entry["resource"]
    urls.add(entry["fullUrl"])
    assert report["resourceType"] == "DiagnosticReport" and report["status"] == "preliminary"
    inside = {c["id"]: c for c in report["contained"]}
    assert len(inside) == len(report["contained"])
    assert [r["reference"] for r in report["result"]] == ["#" + i for i in inside if i != "device"]
    for o in inside.values():
        if o["resourceType"] != "Observation":
            continue
        assert o["device"]["reference"] == "#device" and o["subject"] == report["subject"]
        row = rows[o["note"][0]["text"]]
        if o["id"].startswith("gradability"):
            assert o["valueBoolean"] == (row["no_prediction"] == "")
            continue
        seen.add(row["image"])
        if row["no_prediction"]:
            assert o["dataAbsentReason"]["text"] == row["no_prediction"] and "component" not in o
            continue
        p = [c["valueQuantity"]["value"] for c in o["component"]]
        wanted = [float(v) for k, v in row.items() if k.startswith("p_")]
        assert max(abs(a - b) for a, b in zip(p, wanted)) < 1e-6 and len(p) in (len(wanted), len(wanted) + 1)
        value = o["valueCodeableConcept"]
        if "coding" in o["code"]:
            grades += 1
            codes = ["LA18643-9", "LA18644-7", "LA18645-4", "LA18646-2", "LA18648-8"]
            assert value["coding"][0]["code"] == codes[int(row["predicted"])]
            left = "left" in row["image"]
            assert o["code"]["coding"][0]["code"] == ("71490-7" if left else "71491-5")
            assert o["bodySite"]["coding"][0]["code"] == ("8966001" if left else "18944008")
assert seen == set(rows) and len(urls) == len(bundle["entry"])
print(f"fhir: {len(rows)} photographs in {len(urls)} reports, {grades} grades")
