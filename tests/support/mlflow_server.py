"""A tracking server for tests: as much of MLflow's REST interface 2.0 as `export mlflow` uses, with its limits.

usage: mlflow_server.py STATE_FILE
Prints its port, and serves until its standard input ends. After every request STATE_FILE has the experiments and runs as
JSON. A file "behave" beside it: "denied" answers 401 without the token "good", "break" refuses metrics,
"other" is another kind of server.
"""
import http.server
import json
import os
import sys
import threading
import urllib.parse

STATE = sys.argv[1]
BEHAVE = os.path.join(os.path.dirname(os.path.abspath(STATE)), "behave")
experiments, runs = {}, {}


def behave():
    return open(BEHAVE).read().strip() if os.path.exists(BEHAVE) else ""


class Refused(Exception):
    pass


def check(condition, message):
    if not condition:
        raise Refused(message)


def search(body):
    prefix = "tags.`eyenet.uuid` = '"
    check(body["filter"].startswith(prefix) and body["filter"].endswith("'"), "a filter of another kind")
    uuid = body["filter"][len(prefix):-1]
    found = [r for r in runs.values() if r["tags"].get("eyenet.uuid") == uuid and r["experiment_id"] in body["experiment_ids"]]
    return {"runs": [{"info": {"run_id": r["run_id"], "status": r["status"]}} for r in found]} if found else {}


def create(body):
    check(body["experiment_id"] in experiments.values(), "no such experiment")
    id = "%032x" % (len(runs) + 1)
    runs[id] = {"run_id": id, "experiment_id": body["experiment_id"], "status": "RUNNING", "name": body["run_name"],
                "start_time": body["start_time"], "tags": {t["key"]: t["value"] for t in body["tags"]}, "params": {}, "metrics": []}
    return {"run": {"info": {"run_id": id}}}


def log_batch(body):
    run = runs[body["run_id"]]
    params, metrics = body.get("params", []), body.get("metrics", [])
    check(len(params) <= 100 and len(metrics) <= 1000, "too many at once")
    for p in params:
        check(len(p["value"]) <= 500, "a value that is too long")
        check(run["params"].get(p["key"], p["value"]) == p["value"], "a param that changes")
        run["params"][p["key"]] = p["value"]
    for m in metrics:
        check(isinstance(m["value"], (int, float)) and set(m) == {"key", "value", "timestamp", "step"}, "not a metric")
        row = [m["key"], m["step"], m["value"], m["timestamp"]]
        if row not in run["metrics"]:
            run["metrics"].append(row)
    return {}


def update(body):
    runs[body["run_id"]].update(status=body["status"], end_time=body["end_time"])
    return {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body):
        with open(STATE, "w") as f:
            json.dump({"experiments": experiments, "runs": list(runs.values())}, f, indent=1)
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if behave() == "denied" and self.headers.get("Authorization") != "Bearer good":
            return self.answer(401, {"message": "who is it?"})
        if behave() == "other":
            return self.answer(200, {})
        name = urllib.parse.parse_qs(url.query)["experiment_name"][0]
        if url.path != "/api/2.0/mlflow/experiments/get-by-name" or name not in experiments:
            return self.answer(404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such experiment"})
        self.answer(200, {"experiment": {"experiment_id": experiments[name]}})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = self.path.removeprefix("/api/2.0/mlflow/")
        if path == "runs/log-batch":
            if behave() == "break" and "metrics" in body:
                return self.answer(400, {"error_code": "INVALID_PARAMETER_VALUE", "message": "broken for the test"})
        try:
            check(self.headers["Content-Type"] == "application/json", "not JSON")
            if path == "experiments/create":
                experiments[body["name"]] = str(len(experiments) + 1)
                return self.answer(200, {"experiment_id": experiments[body["name"]]})
            work = {"runs/search": search, "runs/create": create, "runs/log-batch": log_batch, "runs/update": update}
            self.answer(200, work[path](body))
        except (Refused, KeyError) as why:
            self.answer(400, {"error_code": "INVALID_PARAMETER_VALUE", "message": str(why)})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
