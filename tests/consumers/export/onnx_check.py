"""onnx_check.py FILE.onnx PIXELS PROBABILITIES CLASSES: onnx's full check, and ONNX Runtime gives those probabilities."""
import sys

import numpy as np
import onnx
import onnxruntime

path, pixels, probabilities, classes = sys.argv[1:5]
model = onnx.load(path)
onnx.checker.check_model(path, full_check=True)
assert model.ir_version == 7 and [(o.domain, o.version) for o in model.opset_import] == [("", 13)]
meta = {m.key: m.value for m in model.metadata_props}
assert meta["recipe"].startswith("crop=") and meta["run"], meta
session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
shape = [d if isinstance(d, int) else -1 for d in session.get_inputs()[0].shape]
x = np.fromfile(pixels, np.uint8).reshape(shape)
want = np.fromfile(probabilities, "<f4").reshape(len(x), int(classes))
got = np.concatenate([session.run(["probabilities"], {"pixels": x[i : i + 7]})[0] for i in range(0, len(x), 7)])
error = float(np.abs(got - want).max())
print(f"onnx: {len(x)} photographs, probabilities differ by at most {error:.1e}, spread {want.std(0).max():.2f}")
assert want.std(0).max() > 0.03, "all photographs look alike: the comparison says nothing"
sys.exit(0 if error <= 1e-5 else "the difference is too large")
