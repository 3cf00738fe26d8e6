"""Logits and gradients of imported weights beside PyTorch's, on photographs.

   pytorch.py PROGRAM efficientnet-lite0 WEIGHTS.safetensors PHOTOGRAPHS [COUNT]

PROGRAM is consumer_foreign. Needs torch and Pillow, and the package efficientnet_lite_pytorch or, for resnet18 and
mobilenet-v3-large, torchvision (random weights are made when WEIGHTS is missing). Bounds: logits 1e-4; all
gradients together 1e-3 of their norm, each tensor's 1e-3 of its own or four times PyTorch's own error."""
import json, os, struct, subprocess, sys, tempfile

import numpy as np
import torch
from PIL import Image

program, preset, weights, photographs = sys.argv[1:5]
count = int(sys.argv[5]) if len(sys.argv) > 5 else 20
SIDE = {"efficientnet-lite0": 224, "efficientnet-lite1": 240, "efficientnet-lite2": 260}.get(preset, 224)


def read(path):
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = file.read()
    header.pop("__metadata__", None)
    return {name: np.frombuffer(data[e["data_offsets"][0] : e["data_offsets"][1]], "<f4").reshape(e["shape"]).copy()
            for name, e in header.items() if e["dtype"] == "F32"}


def write(path, tensors):
    header, data, at = {}, [], 0
    for name, t in tensors.items():
        t = np.ascontiguousarray(t)
        header[name] = {"dtype": {"f": "F32", "i": "I64"}[t.dtype.kind], "shape": list(t.shape), "data_offsets": [at, at + t.nbytes]}
        data.append(t.tobytes())
        at += t.nbytes
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(data))


def make():
    if preset.startswith("efficientnet-lite"):
        from efficientnet_lite_pytorch import EfficientNet
        return EfficientNet.from_name(preset), lambda x: (x - 127) / 128
    import torchvision
    net = getattr(torchvision.models, preset.replace("-", "_"))()
    mean, std = (torch.tensor(v).view(1, 3, 1, 1) for v in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    return net, lambda x: (x / 255 - mean) / std


torch.manual_seed(3)
net, normalise = make()
if not os.path.exists(weights):
    for module in net.modules():  # statistics and scales of their own, so that none can be exchanged
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 1.5)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.2)
    write(weights, {k: v.numpy() for k, v in net.state_dict().items()})
net.load_state_dict({k: torch.from_numpy(v) for k, v in read(weights).items()}, strict=False)
net.eval()

names = sorted(n for n in os.listdir(photographs) if n.endswith((".jpeg", ".jpg", ".png")))[:count]
pixels = np.stack([np.asarray(Image.open(os.path.join(photographs, n)).convert("RGB").resize((SIDE, SIDE), Image.BILINEAR)) for n in names])
with tempfile.TemporaryDirectory() as folder:
    path = lambda name: os.path.join(folder, name)
    pixels.tofile(path("pixels"))
    said = subprocess.run([program, preset, weights, path("pixels"), str(len(names)), path("logits"), path("gradients.safetensors")],
                          check=True, stdout=subprocess.PIPE, text=True).stdout
    losses = np.array([float(line) for line in said.split()])
    logits = np.fromfile(path("logits"), "<f4").reshape(len(names), -1)
    gradients = read(path("gradients.safetensors"))

x = normalise(torch.from_numpy(pixels).permute(0, 3, 1, 2).float())
with torch.no_grad():
    expected = torch.log_softmax(net(x), 1).numpy()
error = np.abs(logits - expected).max()
print(f"{preset}: {len(names)} photographs, logits differ by at most {error:.2e} (spread of a photograph's logits {expected.std(1).mean():.2f})")



def loss_of(net, kind):
    return torch.nn.functional.cross_entropy(net(normalise(x8.to(kind))), torch.arange(8) * 37 % expected.shape[1])


def gradients_of(net, kind):
    net = net.to(kind)
    for module in net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0
    net.zero_grad()
    loss_of(net, kind).backward()
    return [p.grad.double().numpy() for p in net.parameters()]


def as_ours(t, like):
    """(out,in,kh,kw) -> (kh,kw,in,out); products are transposed; a convolution of 1x1 may be a product of ours."""
    turned = t.transpose(2, 3, 1, 0) if t.ndim == 4 else t.T
    return turned[0, 0] if like.ndim == 2 and t.ndim == 4 and t.shape[2:] == (1, 1) else turned


# The reference is in double precision; PyTorch's own error in single precision stands beside ours: where a value lies at
# an edge of relu6, the two roundings take different sides, and a small tensor's gradient differs by more than rounding.
x8 = torch.from_numpy(pixels[:8]).permute(0, 3, 1, 2).float()
single, double = gradients_of(net, torch.float32), gradients_of(net, torch.float64)
used, ours, theirs, total, apart = set(), [], [], 0.0, 0.0
for name, own in gradients.items():
    if name.endswith(("mean", "variance")):
        continue
    # matched by shape and the nearest values, so that the names used by the import are not assumed here
    best = min((np.linalg.norm(as_ours(t, own) - own), i) for i, t in enumerate(double)
               if i not in used and as_ours(t, own).shape == own.shape)
    norm = np.linalg.norm(double[best[1]])
    used.add(best[1])
    total, apart = total + norm**2, apart + best[0] ** 2
    ours.append(best[0] / norm)
    theirs.append(np.linalg.norm(single[best[1]] - double[best[1]]) / norm)
whole = (apart / total) ** 0.5
print(f"{preset}: {len(ours)} gradients, together {whole:.1e} from double precision; by tensor, in its norm: median "
      f"{np.median(ours):.1e}, worst {max(ours):.1e}; PyTorch's in single precision: median {np.median(theirs):.1e}, worst {max(theirs):.1e}")
if len(used) != len(double):
    sys.exit(f"{len(double) - len(used)} gradients of PyTorch have no counterpart")
net = net.float()
optimiser = torch.optim.Adam(net.parameters(), lr=1e-4, eps=1e-7)
steps = []
for _ in losses:
    optimiser.zero_grad()
    loss = loss_of(net, torch.float32)
    steps.append(loss.item())
    loss.backward()
    optimiser.step()
drift = np.abs(losses / np.array(steps) - 1).max()
print(f"{preset}: losses of {len(steps)} steps of Adam {' '.join(f'{l:.4f}' for l in losses)}, PyTorch {' '.join(f'{l:.4f}' for l in steps)}")
fine = drift < 0.02 and error < 1e-4 and whole < 1e-3 and max(ours) < max(1e-3, 4 * max(theirs))
sys.exit(0 if fine else "the difference is too large")
