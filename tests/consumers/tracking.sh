#!/usr/bin/env bash
# tracking.sh PROGRAM BUILD: runs that MLflow's and Trackio's own clients logged are imported as these clients list them.
set -euo pipefail
eyenet=$(realpath "$1")
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/consumers/venv.sh"
venv tracking mlflow-skinny==3.17.2 sqlalchemy==2.1.9 alembic==1.20.1 trackio==0.43.0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
export MLFLOW_DISABLE_TELEMETRY=true MLFLOW_ALLOW_FILE_STORE=true TRACKIO_DIR=$scratch/trackio HF_HUB_OFFLINE=1
cat >log.py <<'END'
import sys

import mlflow

mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_experiment("retina é: a b")
for number in range(3):
    with mlflow.start_run(run_name="res/net 50", description="a note\nof two lines"):
        mlflow.log_params({"lr": 0.001 * (number + 1), "opt": "adam", "nested/a b": "x", "multi": "a\nb", "scale": "big"})
        for epoch in range(1, 6):
            mlflow.log_metrics({"train_loss": 1 / epoch, "val_loss": 2 / epoch, "val/auc": 0.5 + epoch / 20, "lr": 1e-5}, step=epoch)
        mlflow.log_metric("val_loss", 0.125, step=5)
        mlflow.log_metric("odd", float("nan"), step=1)
        mlflow.log_metric("odd", float("inf"), step=2)
        mlflow.log_metric("odd", 1e300, step=3)
        mlflow.set_tags({"team": "eyes", "a/b": "c", "empty": "", "long": "x" * 300, "commas": "a,b"})
try:
    with mlflow.start_run(run_name="a long name of a run " * 8):
        mlflow.log_param("n", 1)
        raise ValueError
except ValueError:
    pass
mlflow.start_run(run_name="deleted")
mlflow.end_run()
mlflow.MlflowClient().delete_run(mlflow.last_active_run().info.run_id)
mlflow.start_run(run_name="killed")
mlflow.end_run("KILLED")
END
cat >same.py <<'END'
import json
import math
import sqlite3
import sys

import mlflow

mlflow.set_tracking_uri(sys.argv[1])
client = mlflow.MlflowClient()
db = sqlite3.connect(f"file:{sys.argv[2]}?mode=ro", uri=True)
experiments = [e.experiment_id for e in client.search_experiments()]
there = client.search_runs(experiments)
assert len(there) == 5
metrics = params = 0
for run in there:
    i = run.info.run_id
    uuid = "-".join((i[:8], i[8:12], i[12:16], i[16:20], i[20:]))
    name, state, began, seconds, number = db.execute(
        "SELECT name, state, strftime('%s', started_at), seconds, run_id FROM run WHERE uuid = ?", (uuid,)).fetchone()
    assert "/" not in name and state == {"FINISHED": "finished", "FAILED": "failed", "KILLED": "interrupted"}[run.info.status]
    assert int(began) == run.info.start_time // 1000 and abs(seconds - (run.info.end_time - run.info.start_time) / 1000) < 1e-6
    here = dict(db.execute("SELECT name, value FROM param WHERE run_id = ?", (number,)))
    want = {("mlflow.scale" if k == "scale" else k): v for k, v in run.data.params.items()}
    assert here == want, (here, want)
    params += len(here)
    for key in run.data.metrics:
        part, short = next(((p, key[len(p) + 1:]) for p in ("train", "val") if key.startswith((p + "_", p + "/"))), ("", key))
        last = {}
        for m in sorted(client.get_metric_history(i, key), key=lambda m: (m.step, m.timestamp)):
            last[m.step] = m.value if abs(m.value) < 1.7e308 else None
        rows = {s: v for s, e, v in db.execute(
            "SELECT step, epoch, value FROM metric WHERE run_id = ? AND part = ? AND name = ?", (number, part, short)) if s == e}
        assert rows == {s: (None if v is None or math.isnan(v) else v) for s, v in last.items()}, (key, rows, last)
        metrics += len(rows)
    tags = {t for (t,) in db.execute("SELECT tag FROM run_tag WHERE run_id = ?", (number,))}
    (note,) = db.execute("SELECT text FROM run_note WHERE run_id = ?", (number,)).fetchone()
    assert f"MLflow run '{run.info.run_name}', id {i}, of 'retina é: a b'" in note, note
    assert "experiment=retina é: a b" in tags
    for key, value in run.data.tags.items():
        if key == "mlflow.note.content":
            assert note.startswith(value), note
        elif not key.startswith("mlflow."):
            tag = f"{key}={value}" if value else key
            assert tag in tags or f"{key}: {value}" in note, tag
assert metrics >= 3 * 23 and params == 16, (metrics, params)
print(f"{len(there)} runs, {params} settings, {metrics} metrics: as the client lists them")
END
for kind in db folder; do
  uri=$([ $kind = db ] && echo "sqlite:///$scratch/mlflow.db" || echo "file://$scratch/mlruns")
  path=$([ $kind = db ] && echo "$scratch/mlflow.db" || echo "$scratch/mlruns")
  "$python" log.py "$uri" >log.txt 2>&1 || { cat log.txt; exit 1; }
  find "$path" -type f -exec sha256sum {} + | sort >before
  "$eyenet" -q init lab-$kind
  "$eyenet" -C lab-$kind import mlflow "$path" --json >first.json
  "$python" same.py "$uri" "lab-$kind/eyenet.db"
  find "$path" -type f -exec sha256sum {} + | sort | cmp - before
  "$eyenet" -C lab-$kind import mlflow "$path" --json >second.json
  grep -q '"imported": 5' first.json && grep -q '"skipped": 5' second.json && grep -q '"imported": 0' second.json
  "$eyenet" -C lab-$kind doctor >/dev/null
done
cat >trackio_log.py <<'END'
import trackio

for name in ("first run", "second/run"):
    trackio.init(project="retina", name=name, config={"lr": 0.001, "nested": {"a": 1, "b": [1, 2]}, "opt": "adam"}, embed=False)
    for epoch in range(1, 4):
        trackio.log({"train/loss": 1 / epoch, "val_loss": float("nan") if epoch == 2 else 2 / epoch, "epoch": epoch, "text": "hello"})
    trackio.log({"grade": 4.5}, step=10)
    trackio.finish()
END
"$python" trackio_log.py >log.txt 2>&1 || { cat log.txt; exit 1; }
"$eyenet" -q init lab-trackio
"$eyenet" -C lab-trackio import trackio trackio/retina.db --json >first.json
"$eyenet" -C lab-trackio import trackio trackio/retina.db --json >second.json
grep -q '"imported": 2' first.json && grep -q '"skipped": 2' second.json
[ "$(ls trackio | grep -c -- '-shm\|-wal')" = 0 ] # nothing is made beside it
"$python" - lab-trackio/eyenet.db <<'END'
import sqlite3
import sys

db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
assert [n for (n,) in db.execute("SELECT name FROM run ORDER BY name")] == ["first run", "second_run"]
for (number,) in db.execute("SELECT run_id FROM run").fetchall():
    rows = db.execute("SELECT part, name, step, epoch, value FROM metric WHERE run_id = ? ORDER BY 1, 2, 3", (number,)).fetchall()
    assert rows == [("", "grade", 10, 10, 4.5)] + [("train", "loss", e - 1, e, 1 / e) for e in (1, 2, 3)] + [
        ("val", "loss", e - 1, e, None if e == 2 else 2 / e) for e in (1, 2, 3)], rows
    assert dict(db.execute("SELECT name, value FROM param WHERE run_id = ?", (number,))) == {
        "lr": "0.001", "nested.a": "1", "nested.b": "[1,2]", "opt": "adam"}
print("2 runs of Trackio: as they were logged")
END
