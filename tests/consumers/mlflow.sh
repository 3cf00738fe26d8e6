#!/usr/bin/env bash
# mlflow.sh PROGRAM BUILD: an unmodified MLflow server takes a run by `export mlflow`, and its client lists what the catalog has.
set -euo pipefail
eyenet=$(realpath "$1")
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/consumers/venv.sh"
. "$source/tests/consumers/project.sh"
venv mlflow mlflow==3.4.0 sqlalchemy==2.0.43
scratch=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill -- -"$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
cd "$scratch"
printf '%s\n' 'input 32x32x3 scale 1/255' 'conv 4 5x5 stride 2 relu' 'maxpool 4' 'dense classes softmax' >net
drawn_project 40
{
  "$eyenet" -q split main --test 0.3 --val 0.3
  "$eyenet" -q augment plain
  "$eyenet" -q subset small "SELECT variant_id FROM variants WHERE part = 'train'"
  "$eyenet" -q train --model ../net --subset small --target eye --epochs 3 --name $'\'; "<b> \xc3\xa9'
  "$eyenet" -q evaluate --part test
} >/dev/null 2>&1
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
MLFLOW_DISABLE_TELEMETRY=true setsid "$(dirname "$python")/mlflow" server --host 127.0.0.1 --port "$port" --workers 1 \
  --backend-store-uri "sqlite:///$scratch/mlflow.db" --artifacts-destination "$scratch/artifacts" >../server.log 2>&1 &
server=$!
for _ in $(seq 1 240); do
  "$python" -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1])' "http://127.0.0.1:$port/health" 2>/dev/null && break
  kill -0 "$server" || { cat ../server.log; exit 1; }
  sleep 0.5
done
"$eyenet" export mlflow last --to "http://127.0.0.1:$port" --experiment 'a b/&é' --csv >../pushed.csv
MLFLOW_DISABLE_TELEMETRY=true "$python" - "http://127.0.0.1:$port" eyenet.db <<'END'
import sqlite3
import sys

import mlflow

client = mlflow.MlflowClient(sys.argv[1])
experiment = client.get_experiment_by_name("a b/&é")
(run,) = client.search_runs([experiment.experiment_id])
db = sqlite3.connect(f"file:{sys.argv[2]}?mode=ro", uri=True)
name, uuid = db.execute("SELECT run, uuid FROM runs").fetchone()
assert run.info.run_name == name and run.info.status == "FINISHED", run.info
assert run.data.tags["eyenet.uuid"] == uuid
for param, value in db.execute("SELECT param, value FROM params WHERE param <> 'calibration' AND value <> ''"):
    assert run.data.params[param] == value, param
curve = db.execute("SELECT epoch, value FROM metrics WHERE part = 'val' AND metric = 'loss' ORDER BY epoch").fetchall()
there = sorted((m.step, m.value) for m in client.get_metric_history(run.info.run_id, "loss/val"))
assert there == curve and len(curve) == 3, (there, curve)
assert run.data.metrics["evaluated_n/test"] > 0 and 0 <= run.data.metrics["evaluated_auc/test"] <= 1
print(f"{len(run.data.params)} params, {len(run.data.metrics)} metrics: as in the catalog")
END
if "$eyenet" export mlflow last --to "http://127.0.0.1:$port" --experiment 'a b/&é' 2>../said; then
  echo 'a run was pushed twice'
  exit 1
fi
grep -q 'is in the experiment' ../said
