#!/usr/bin/env python3
"""Times what is asked of a catalog of many runs, beside MLflow's SQLite store.

  runs.py EYENET [--runs 10000] [--metrics 20] [--epochs 100] [--rounds 7] [--keep DIR]   a catalog of RUNS x METRICS x EPOCHS rows
  runs.py EYENET --predictions 53576 [--rounds 7]                        report on one evaluation of so many predictions
  runs.py --mlflow [--runs 1000] [--metrics 5] [--epochs 100]            the same questions to MLflow (its Python must run this)

The rows are written with SQL beneath the program, as training so many runs would take days; the questions are asked by whole
processes of the program, whose start is in the times, and of MLflow within one process after its import. Each time is the
median of ROUNDS, with the least and the most; the first round is not counted.
"""
import argparse
import json
import os
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

NAMES = ("loss", "weighted_loss", "accuracy", "auc", "balanced_accuracy")


def say(what, times, note=""):
    print("%-58s %8.1f ms (%.1f to %.1f, n = %d)%s" % (what, 1e3 * statistics.median(times), 1e3 * min(times), 1e3 * max(times),
                                                       len(times), note), flush=True)


def measure(rounds, call):
    times = []
    for i in range(rounds + 1):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return times[1:]


class Project:
    """A small project with one trained run, whose row is copied."""

    def __init__(self, program, folder):
        self.program, self.folder = os.path.realpath(program), folder
        eyes = os.path.join(folder, "eyes")
        self.at = os.path.join(folder, "p")
        net = os.path.join(folder, "tiny.net")
        with open(net, "w") as f:
            f.write("input 32x32x3 scale 1/255\nconv 4 3x3 stride 2 relu\nglobalmaxpool\ndense classes softmax\n")
        self.run("phantom", eyes, "--patients", "30", "--max-width", "200", "--seed", "5", project=False)
        self.run("init", self.at, project=False)
        self.run("fetch", os.path.join(eyes, "train"))
        self.run("ingest", "--recipe", "crop=retina size=32")
        self.run("label", "import", os.path.join(eyes, "trainLabels.csv"), "--unknown", "skip")
        self.run("augment", "plain")
        self.run("split", "main", "--test", "0.3", "--val", "0.2")
        self.run("subset", "all", "SELECT variant_id FROM variants WHERE part = 'train'")
        self.run("train", "-s", "all", "-m", net, "-n", "first", "-e", "1", "--target", "grade >= 1")
        self.run("evaluate", "first")

    def run(self, *words, project=True):
        where = ["-C", self.at] if project else []
        done = subprocess.run([self.program, "-q", *where, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            sys.exit("%s: %s" % (" ".join(words), done.stderr.decode()))
        return done.stdout

    def db(self):
        db = sqlite3.connect(os.path.join(self.at, "eyenet.db"), isolation_level=None)
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -400000")
        return db

    def fill(self, runs, metrics, epochs):
        db = self.db()
        columns = [c[1] for c in db.execute("PRAGMA table_info(run)") if c[1] not in ("run_id", "uuid", "name", "state")]
        db.execute("BEGIN")
        copied = ", ".join(columns)
        began = time.perf_counter()
        first = db.execute("SELECT run_id FROM run WHERE name = 'first'").fetchone()[0]
        rng = random.Random(1)
        for n in range(runs - 1):
            uuid = "%08x-0000-4000-8000-%012x" % (n, n)
            run = db.execute("INSERT INTO run (uuid, name, state, %s) SELECT ?, ?, 'running', %s FROM run WHERE run_id = ? "
                             "RETURNING run_id" % (copied, copied), (uuid, "run-%d" % n, first)).fetchone()[0]
            db.execute("INSERT INTO param SELECT ?, name, value FROM param WHERE run_id = ?", (run, first))
            db.execute("INSERT INTO checkpoint (run_id, kind, attempt, epoch, step, path, sha256) SELECT ?, kind, attempt, epoch, "
                       "step, 'runs/run-' || ? || '/model.safetensors', sha256 FROM checkpoint WHERE run_id = ?", (run, n, first))
            a = rng.random()
            db.execute(
                "WITH e(e) AS (SELECT 1 UNION ALL SELECT e + 1 FROM e WHERE e < ?), m(m) AS (SELECT 0 UNION ALL SELECT m + 1 "
                "FROM m WHERE m < ? - 1) INSERT INTO metric (run_id, part, name, attempt, step, epoch, value) SELECT ?, "
                "iif(m %% 2, 'val', 'train'), CASE m / 2 %s ELSE 'metric_' || (m / 2) END, 1, e * 10, e, 1.0 / (e + m + ?) "
                "FROM m, e ORDER BY 2, 3, 5" % " ".join("WHEN %d THEN '%s'" % (i, s) for i, s in enumerate(NAMES)),
                (epochs, metrics, run, a))
            db.execute("UPDATE run SET state = 'finished', epochs = ?, best_epoch = ? WHERE run_id = ?",
                       (epochs, 1 + n % epochs, run))
            e = db.execute("INSERT INTO evaluation (run_id, subset_id, seed, weights_sha256) SELECT ?, subset_id, seed, "
                           "weights_sha256 FROM evaluation WHERE run_id = ? RETURNING evaluation_id", (run, first)).fetchone()[0]
            db.execute("INSERT INTO prediction SELECT ?, variant_id, truth, predicted, score, probabilities FROM prediction "
                       "WHERE evaluation_id = (SELECT evaluation_id FROM evaluation WHERE run_id = ?)", (e, first))
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        rows = db.execute("SELECT count(*) FROM metric").fetchone()[0]
        db.close()
        print("%d runs, %d metric rows, catalog of %.0f MiB, made in %.0f s" % (
            runs, rows, os.path.getsize(os.path.join(self.at, "eyenet.db")) / 2**20, time.perf_counter() - began), flush=True)

    def times(self, rounds, *words):
        return measure(rounds, lambda: self.run(*words))


def ask_eyenet(a, folder):
    p = Project(a.program, folder)
    p.fill(a.runs, a.metrics, a.epochs)
    middle, half = "run-%d" % (a.runs // 2), a.runs // 2
    say("eyenet version (the start of a process)", p.times(a.rounds, "version"))
    say("list the newest 100: runs", p.times(a.rounds, "runs"))
    say("list and measure all: runs --json", p.times(a.rounds, "runs", "--json"))
    say("show one: runs show", p.times(a.rounds, "runs", "show", middle))
    say("one curve: sql", p.times(a.rounds, "sql", "--csv", "SELECT epoch, value FROM metrics WHERE run = '%s' AND part = 'val' "
                                  "AND metric = 'loss' ORDER BY epoch" % middle))
    say("all metrics of %d runs in one SELECT: sql, their sum" % half,
        p.times(a.rounds, "sql", "SELECT count(*), sum(value) FROM metrics WHERE run_id <= %d" % half))
    say("the same by run, part and metric: sql",
        p.times(a.rounds, "sql", "SELECT run_id, metric, part, count(*), avg(value), min(value) FROM metrics WHERE run_id <= %d "
                "GROUP BY run_id, part, metric" % half))
    say("the last value of each of %d runs: sql" % half,
        p.times(a.rounds, "sql", "SELECT run_id, value FROM metrics WHERE part = 'val' AND metric = 'loss' AND epoch = %d AND "
                "run_id <= %d" % (a.epochs, half)))


def ask_report(a, folder):
    """Listed images of half as many patients, each with a left and a right eye, and a prediction of each."""
    p = Project(a.program, folder)
    labels = os.path.join(folder, "many.csv")
    with open(labels, "w") as f:
        f.write("image,level\n")
        for i in range((a.predictions + 1) // 2):
            f.write("%d_left,%d\n%d_right,%d\n" % (100000 + i, i % 7 % 5, 100000 + i, i % 6 % 5))
    p.run("label", "import", labels, "--unknown", "add")
    p.run("augment", "plain")
    # A report is of the newest evaluation of a test part.
    p.run("split", "import", "--name", "many", "--sql", "CASE WHEN status = 'listed' THEN 'test' ELSE 'train' END")
    p.run("subset", "many", "SELECT variant_id FROM variants WHERE status = 'listed' AND part = 'test' LIMIT %d" % a.predictions)
    db = p.db()
    rng = random.Random(1)
    sha = db.execute("SELECT sha256 FROM checkpoint").fetchone()[0]
    db.execute("BEGIN")
    e = db.execute("INSERT INTO evaluation (run_id, subset_id, seed, weights_sha256) SELECT 1, subset_id, 1, ? FROM subset WHERE "
                   "name = 'many' RETURNING evaluation_id", (sha,)).fetchone()[0]
    for v, truth in db.execute("SELECT v.variant_id, v.grade >= 1 FROM subset_member m JOIN subset s USING (subset_id) JOIN variants v "
                               "USING (variant_id) WHERE s.name = 'many'").fetchall():
        s = 1 / (1 + 2.718281828 ** -(rng.gauss(0, 1.2) + (1 if truth else -1)))
        db.execute("INSERT INTO prediction VALUES (?, ?, ?, ?, ?, ?)",
                   (e, v, truth, int(s > 0.5), s, json.dumps([1 - s, s], separators=(",", ":"))))
    db.execute("COMMIT")
    db.close()
    for what, words in (("report --no-html --json", ("report", "first", "--no-html", "--json")),
                        ("report, with its page", ("report", "first", "-o", os.path.join(folder, "r.html"), "--json"))):
        processor, wall = [], []
        for _ in range(a.rounds + 1):
            before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            out = p.run(*words)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            wall.append(time.perf_counter() - began)
            processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        n = json.loads(out)[0]["n"]
        if n != a.predictions:
            sys.exit("the report is of %d predictions" % n)
        say("%s, processor time" % what, processor[1:], " of %d predictions" % n)
        say("%s, wall time" % what, wall[1:])


def ask_mlflow(a, folder):
    import mlflow
    from mlflow.entities import Metric, Param, ViewType
    client = mlflow.MlflowClient("sqlite:///%s/mlflow.db" % folder)
    experiment = client.create_experiment("eyes")
    began = time.perf_counter()
    ids = []
    for n in range(a.runs):
        run = client.create_run(experiment, run_name="run-%d" % n)
        ids.append(run.info.run_id)
        client.log_batch(ids[-1], params=[Param("p%d" % i, str(i)) for i in range(40)])
        rows = [Metric(NAMES[m % len(NAMES)] + ("" if m < len(NAMES) else "_%d" % m), 1 / (e + m + 1), 1000 * e, e)
                for m in range(a.metrics) for e in range(1, a.epochs + 1)]
        for i in range(0, len(rows), 1000):
            client.log_batch(ids[-1], metrics=rows[i:i + 1000])
        client.set_terminated(ids[-1])
    print("mlflow %s: %d runs, %d metric rows, %.0f MiB, made in %.0f s" % (
        mlflow.__version__, a.runs, a.runs * a.metrics * a.epochs, os.path.getsize(folder + "/mlflow.db") / 2**20,
        time.perf_counter() - began), flush=True)
    half = ids[:a.runs // 2]
    say("list the runs: search_runs", measure(a.rounds, lambda: client.search_runs([experiment], "", ViewType.ALL, a.runs)))
    say("show one: get_run", measure(a.rounds, lambda: client.get_run(half[-1])))
    say("one curve: get_metric_history", measure(a.rounds, lambda: client.get_metric_history(half[-1], "loss")))
    say("all metrics of %d runs: get_metric_history of each" % len(half), measure(1, lambda: [
        client.get_metric_history(r, m) for r in half for m in client.get_run(r).data.metrics]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("program", nargs="?")
    parser.add_argument("--runs", type=int)
    parser.add_argument("--metrics", type=int)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--predictions", type=int)
    parser.add_argument("--mlflow", action="store_true")
    parser.add_argument("--keep", help="make it there, and leave it")
    a = parser.parse_args()
    a.runs, a.metrics = a.runs or (1000 if a.mlflow else 10000), a.metrics or (5 if a.mlflow else 20)
    ask = ask_mlflow if a.mlflow else ask_report if a.predictions else ask_eyenet
    if a.keep:
        os.makedirs(a.keep)
        ask(a, a.keep)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            ask(a, scratch)
