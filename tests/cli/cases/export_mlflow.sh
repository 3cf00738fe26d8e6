# A run on a tracking server: what is there afterwards, twice, broken, denied, and by a server that is none.
command -v python3 >/dev/null || { echo 'no python3'; exit 77; }
eyes_project
eyenet evaluate first --part test -q >/dev/null
mkfifo ../hold
python3 "$TESTS/../support/mlflow_server.py" ../state.json <../hold >../port &
exec 9>../hold
while [ ! -s ../port ]; do sleep 0.05; kill -0 $! || exit 1; done
port=$(cat ../port)
push() { eyenet export mlflow first --to "http://127.0.0.1:$port/" "$@" 2>&1 | sed "s/$port/PORT/"; }
state() { python3 - "$@" <<'END'
import json
s = json.load(open("../state.json"))
print("experiments:", s["experiments"])
for r in s["runs"]:
    keys = sorted({m[0] for m in r["metrics"]})
    print(r["name"], r["status"], "experiment", r["experiment_id"], "started" if r["start_time"] > 1.7e12 else "never",
          "ended" if r.get("end_time", 0) >= r["start_time"] else "not ended")
    print(" tags:", sorted(r["tags"]))
    print(" params:", {k: r["params"][k] for k in ("model", "target", "seed", "learning_rate", "epochs") if k in r["params"]})
    print(" metrics:", len(r["metrics"]), " ".join(keys))
    print(" loss/val:", [(m[1], round(m[2], 3)) for m in r["metrics"] if m[0] == "loss/val"])
    print(" auc:", [(m[1], round(m[2], 3)) for m in r["metrics"] if m[0] == "evaluated_auc/test"])
END
}
echo denied >../behave
show 'push'
show 'MLFLOW_TRACKING_TOKEN=good push'
echo other >../behave
show 'push --experiment "a b/&é"'
show 'eyenet export mlflow first --to "http://me:secret@127.0.0.1:$port/" 2>&1 | sed "s/$port/PORT/"'
show 'eyenet export mlflow first --to "http://127.0.0.1:$port/?token=secret" 2>&1'
show 'eyenet export mlflow first --to "ftp://me:secret@127.0.0.1/" 2>&1'
echo break >../behave
show 'push --experiment "a b/&é"'
rm ../behave
show 'state'
show 'push --experiment "a b/&é"'
show 'push --experiment "a b/&é"'
show 'state'
show 'eyenet export mlflow nosuch --to "http://127.0.0.1:$port" 2>&1'
show 'eyenet export mlflow first --to ftp://127.0.0.1/ 2>&1'
show 'eyenet export mlflow first'
exec 9>&-
