#!/usr/bin/env python3
"""Times the import of a large collection's labels, and views over all of its variants and over many evaluations.

  views.py EYENET [--images 88702] [--evaluations 50] [--predictions 53576] [--rounds 5] [--keep DIR]

88,702 images are the competition's, with their test set; each is listed by its label and has the eight views of the policy even.
Measures of sharpness, and the evaluations with their predictions, are written with SQL beneath the program. The questions are asked
by whole processes of the program, whose start is in the times, of a catalog that is in the memory of the system: processor time,
user and system, the median of ROUNDS with the least and the most; the first round is not counted.
"""
import argparse
import os
import random
import resource
import shutil
import statistics
import tempfile
import time

from runs import Project

GRADES = (0.735, 0.07, 0.15, 0.025, 0.02)  # about as often as in the competition's labels


def processor():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def say(what, times):
    print("%-74s %8.1f ms (%.1f to %.1f, n = %d)" % (what, 1e3 * statistics.median(times), 1e3 * min(times), 1e3 * max(times),
                                                     len(times)), flush=True)


def ask(project, rounds, what, *words):
    times = []
    for _ in range(rounds + 1):
        before = processor()
        project.run(*words)
        times.append(processor() - before)
    say(what, times[1:])


def write_labels(path, images, spell):
    rng = random.Random(1)
    with open(path, "w") as f:
        f.write("image,level\n")
        for i in range(images):
            name = "%d_%s" % (200000 + i // 2, ("left", "right")[i % 2])
            f.write("%s,%d\n" % (spell(name), rng.choices(range(5), GRADES)[0]))


def ask_labels(project, folder, images, rounds):
    plain, capitals = os.path.join(folder, "labels.csv"), os.path.join(folder, "capitals.csv")
    write_labels(plain, images, str)
    write_labels(capitals, images, str.upper)
    first, empty = [], os.path.join(folder, "empty")
    for _ in range(rounds):
        shutil.rmtree(empty, ignore_errors=True)
        project.run("init", empty, project=False)
        before = processor()
        project.run("-C", empty, "label", "import", plain, "--unknown", "add", project=False)
        first.append(processor() - before)
    say("label import --unknown add, of %d images into an empty catalog" % images, first)
    shutil.rmtree(empty, ignore_errors=True)
    project.run("label", "import", plain, "--unknown", "add")
    ask(project, rounds, "label import, the same again", "label", "import", plain)
    ask(project, rounds, "label import, the same with names in capitals", "label", "import", capitals, "--grader", "labels.csv")


def fill(project, evaluations, predictions):
    """Sharpness of every image; then so many runs, each with its own predictions of the same plain variants."""
    db = project.db()
    db.execute("BEGIN")
    db.execute("INSERT INTO quality (image_id, sharpness) SELECT image_id, (image_id * 7919 % 1000) / 1000.0 FROM image "
               "WHERE status = 'listed'")
    db.execute("COMMIT")
    project.run("subset", "many", "SELECT variant_id FROM variants WHERE status = 'listed' AND mirror = 0 AND rotation = 0 LIMIT %d" %
                predictions)
    columns = [c[1] for c in db.execute("PRAGMA table_info(run)") if c[1] not in ("run_id", "uuid", "name", "state")]
    copied = ", ".join(columns)
    sha = db.execute("SELECT sha256 FROM checkpoint").fetchone()[0]
    db.execute("CREATE TEMP TABLE truth AS SELECT v.variant_id, v.grade >= 1 AS truth FROM subset_member m JOIN subset s "
               "USING (subset_id) JOIN variants v USING (variant_id) WHERE s.name = 'many'")
    rng = random.Random(1)
    db.execute("BEGIN")
    for n in range(evaluations):
        run = db.execute("INSERT INTO run (uuid, name, state, %s) SELECT ?, ?, 'running', %s FROM run WHERE name = 'first' RETURNING "
                         "run_id" % (copied, copied), ("%08x-0000-4000-8000-%012x" % (n, n), "run-%d" % n)).fetchone()[0]
        db.execute("INSERT INTO checkpoint (run_id, kind, attempt, epoch, step, path, sha256) SELECT ?, kind, attempt, epoch, step, "
                   "'runs/run-' || ? || '/model.safetensors', sha256 FROM checkpoint WHERE run_id = (SELECT run_id FROM run WHERE "
                   "name = 'first')", (run, n))
        db.execute("UPDATE run SET state = 'finished' WHERE run_id = ?", (run,))
        e = db.execute("INSERT INTO evaluation (run_id, subset_id, seed, weights_sha256) SELECT ?, subset_id, 1, ? FROM subset "
                       "WHERE name = 'many' RETURNING evaluation_id", (run, sha)).fetchone()[0]
        rows = []
        for v, truth in db.execute("SELECT variant_id, truth FROM truth"):
            s = 1 / (1 + 2.718281828 ** -(rng.gauss(0, 1.2) + (1 if truth else -1)))
            rows.append((e, v, truth, int(s > 0.5), s, "[%.6f,%.6f]" % (1 - s, s)))
        db.executemany("INSERT INTO prediction VALUES (?, ?, ?, ?, ?, ?)", rows)
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    for name, value in (("images", 88702), ("evaluations", 50), ("predictions", 53576), ("rounds", 5)):
        parser.add_argument("--" + name, type=int, default=value)
    parser.add_argument("--keep", help="keep the project in this folder")
    a = parser.parse_args()
    folder = a.keep or tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    try:
        p = Project(a.program, folder)
        ask_labels(p, folder, a.images, a.rounds)
        p.run("augment", "even")
        p.run("split", "large", "--test", "0.2", "--val", "0.1")
        began = time.perf_counter()
        fill(p, a.evaluations, a.predictions)
        db = p.db()
        variants, rows = (db.execute("SELECT count(*) FROM " + t).fetchone()[0] for t in ("variant", "prediction"))
        db.close()
        print("%d variants, %d predictions, catalog of %.0f MiB; predictions made in %.0f s" % (
            variants, rows, os.path.getsize(os.path.join(p.at, "eyenet.db")) / 2**20, time.perf_counter() - began), flush=True)
        for what, sql in (
                ("the start of a process: SELECT 1", "SELECT 1"),
                ("variants by grade and rotation", "SELECT grade, rotation, count(*) FROM variants GROUP BY 1, 2"),
                ("class_balance", "SELECT * FROM class_balance"),
                ("a subset's WHERE: grade, part, sharpness",
                 "SELECT count(*) FROM variants WHERE grade >= 2 AND part = 'train' AND sharpness > 0.3"),
                ("errors of all runs by image", "SELECT count(*) FROM (SELECT image, count(*) FROM errors GROUP BY image)"),
                ("kappa and auc by run", "SELECT run, kappa(truth, predicted), auc(score, truth) FROM predictions GROUP BY run")):
            ask(p, a.rounds, what, "sql", sql)
    finally:
        if not a.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
