#!/usr/bin/env python3
"""The catalog in Python, with sqlite3 and NumPy alone: how often each grade is found, and the ROC curve of a run.

    python3 catalog.py PROJECT [RUN]

The catalog is one SQLite file. It is opened read-only; its views (eyenet schema) are what to ask, the tables may change.
"""
import os
import sqlite3
import sys

import numpy

project = sys.argv[1] if len(sys.argv) > 1 else "."
db = sqlite3.connect(f"file:{os.path.join(project, 'eyenet.db')}?mode=ro", uri=True)
run = sys.argv[2] if len(sys.argv) > 2 else db.execute("SELECT run FROM runs ORDER BY run_id DESC LIMIT 1").fetchone()[0]

# The newest evaluation of the run, and one row for each photograph: its views averaged.
rows = db.execute(
    """SELECT image, avg(score), max(truth), max(grade) FROM predictions
       WHERE evaluation_id = (SELECT max(evaluation_id) FROM predictions WHERE run = ?) AND truth IS NOT NULL
       GROUP BY dataset, image ORDER BY dataset, image""", [run]).fetchall()
classes = db.execute("SELECT json_array_length(classes) FROM runs WHERE run = ?", [run]).fetchone()[0]
if not rows or classes != 2:
    sys.exit(f"run '{run}' has no evaluation, or more than two classes: this example is about two")
score = numpy.array([r[1] for r in rows])
positive = numpy.array([r[2] == 1 for r in rows])
grade = numpy.array([-1 if r[3] is None else r[3] for r in rows])

for g in numpy.unique(grade):
    those = grade == g
    print(f"grade {g if g >= 0 else 'none'}: n = {those.sum()}, called positive {(score[those] >= 0.5).mean():.3f}")

# The area under the curve: how often a positive scores above a negative, ties counted half.
above = (score[positive][:, None] > score[~positive]).mean() + (score[positive][:, None] == score[~positive]).mean() / 2
print(f"AUC {above:.4f}, n = {len(rows)} photographs, {positive.sum()} positive")
