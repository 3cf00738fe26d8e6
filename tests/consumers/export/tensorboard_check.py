"""tensorboard_check.py LOGDIR RUN CATALOG train|export: TensorBoard's own loader reads the run's one event file."""
import glob
import io
import os
import sqlite3
import sys

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.compat.proto import graph_pb2
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.util import tensor_util

logdir, run, catalog, how = sys.argv[1:5]
files = glob.glob(os.path.join(glob.escape(os.path.join(logdir, run)), "*"))
assert len(files) == 1, files
db = sqlite3.connect(catalog)
graph, scalars, histograms, images, hparams = None, {}, {}, {}, {}
for event in EventFileLoader(files[0]).Load():
    assert event.wall_time > 1e9
    if event.HasField("graph_def"):
        graph = graph_pb2.GraphDef.FromString(event.graph_def)
    for value in event.summary.value if event.HasField("summary") else []:
        plugin = value.metadata.plugin_data.plugin_name
        if plugin == "scalars":
            scalars[value.tag, event.step] = float(tensor_util.make_ndarray(value.tensor))
        elif plugin == "histograms":
            histograms[value.tag, event.step] = tensor_util.make_ndarray(value.tensor)
        elif plugin == "images":
            images[value.tag] = (value.metadata.display_name, tensor_util.make_ndarray(value.tensor))
        elif plugin == "hparams":
            hparams[value.tag] = plugin_data_pb2.HParamsPluginData.FromString(value.metadata.plugin_data.content)

names = {n.name for n in graph.node}
assert {"pixels", "0/conv", "0/batchnorm", "2/add", "probabilities"} <= names and len(names) == len(graph.node), names
assert all(i in names for n in graph.node for i in n.input)
shape = {n.name: [d.size for d in n.attr["_output_shapes"].list.shape[0].dim] for n in graph.node}
assert shape["pixels"] == [-1, 32, 32, 3] and shape["0/conv"] == [-1, 14, 14, 4], shape
assert shape["probabilities"][1] == len(eval(db.execute("SELECT classes FROM run").fetchone()[0]))

metrics = db.execute("SELECT name, part, epoch, value FROM metric WHERE value IS NOT NULL").fetchall()
assert len(metrics) >= 3 * 6
for name, part, epoch, value in metrics:
    tag = f"{name}/{part}" if part else f"run/{name}"
    if how == "export" or name != "wait_seconds":
        assert np.float32(value) == np.float32(scalars[tag, epoch]), (tag, epoch)
assert {e for _, e in scalars} == {1, 2, 3}

settings = dict(db.execute("SELECT name, value FROM param"))
start = hparams["_hparams_/session_start_info"].session_start_info
told = {k: v.number_value if v.HasField("number_value") else v.string_value for k, v in start.hparams.items()}
assert start.group_name == run and told["epochs"] == 3 and told["model"] == "net", told
assert told["target"] == "grade" and float(settings["learning_rate"]) == told["learning_rate"], told
tags = {m.name.tag for m in hparams["_hparams_/experiment"].experiment.metric_infos}
assert {"loss/val", "accuracy/val"} <= tags and all(any(t == tag for t, _ in scalars) for tag in tags - {"auc/val"})
assert hparams["_hparams_/session_end_info"].session_end_info.status == 1

counts = {"0.conv.weight": 300, "0.batchnorm.mean": 4, "5.dense.bias": 8}
best = db.execute("SELECT best_epoch FROM run").fetchone()[0]
for tensor, count in counts.items():
    for epoch in [1, 2, 3] if how == "train" else [best]:
        bins = histograms["weights/" + tensor, epoch]
        assert bins[:, 2].sum() == count and (np.diff(bins[:, 1]) >= 0).all(), (tensor, bins)
if how == "export":
    n = db.execute("SELECT count(*) FROM prediction").fetchone()[0]
    assert sum(b[:, 2].sum() for (t, _), b in histograms.items() if t.startswith("scores/main/test/")) == n > 0
    wrong = db.execute("SELECT image, mirror, truth_class, predicted_class, p FROM errors ORDER BY p").fetchall()
    assert len(images) == min(8, len(wrong)) > 0
    for k in range(len(images)):
        title, array = images[f"mistakes/main/test/{k + 1}"]
        picture = Image.open(io.BytesIO(array[2]))
        assert picture.size == (32, 32) and (array[0], array[1]) == (b"32", b"32")
        assert f"{wrong[k][4]:.3f}" in title, (title, wrong[k])
print(f"tensorboard: {how}: {len(scalars)} scalars, {len(histograms)} histograms, {len(images)} images, {len(names)} nodes")
