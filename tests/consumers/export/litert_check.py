"""litert_check.py FILE.tflite PIXELS PROBABILITIES CLASSES: LiteRT's interpreter gives those probabilities, one photograph at a
time and several together, with its optimised kernels and with the plain ones."""
import sys

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType

path, pixels, probabilities, classes = sys.argv[1:5]
data = open(path, "rb").read()
model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(data))
assert schema.Model.ModelBufferHasIdentifier(data, 0) and model.version == 3 and data[8:14] == b"eyenet"
meta = {m.name.decode(): bytes(model.buffers[m.buffer].data).decode() for m in model.metadata}
assert meta["recipe"].startswith("crop=") and meta["run"], meta
graph = model.subgraphs[0]
assert model.buffers[0].data is None and len({t.name for t in graph.tensors}) == len(graph.tensors)
for at in range(schema.Model.GetRootAs(data).BuffersLength()):  # kernels read weights where they are in the file
    buffer = schema.Model.GetRootAs(data).Buffers(at)
    place = buffer._tab.Offset(4)
    assert place == 0 or buffer._tab.Vector(place) % 16 == 0

kinds = [OpResolverType.AUTO, OpResolverType.BUILTIN_REF]
worst = 0.0
for kind in kinds if len(data) < 4e6 else kinds[:1]:  # the plain kernels take minutes on the large ones
    model = Interpreter(model_path=path, num_threads=1, experimental_op_resolver_type=kind)
    run = model.get_signature_runner()
    shape = model.get_input_details()[0]["shape"]
    x = np.fromfile(pixels, np.uint8).reshape(-1, *shape[1:])
    want = np.fromfile(probabilities, "<f4").reshape(len(x), int(classes))
    assert want.std(0).max() > 0.03, "all photographs look alike: the comparison says nothing"
    one = np.concatenate([run(pixels=x[i : i + 1])["probabilities"] for i in range(len(x))])
    together = run(pixels=x[:3])
    assert together["logits"].shape[0] == 3 and set(together) == {"probabilities", "logits"}
    assert np.isfinite(one).all() and np.abs(one.sum(1) - 1).max() < 1e-5
    worst = max(worst, float(np.abs(one - want).max()), float(np.abs(together["probabilities"] - want[:3]).max()))
print(f"litert: {len(x)} photographs, probabilities differ by at most {worst:.1e}, spread {want.std(0).max():.2f}")
sys.exit(0 if worst <= 1e-4 else "the difference is too large")
