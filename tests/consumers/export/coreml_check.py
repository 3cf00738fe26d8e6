"""coreml_check.py FILE.mlmodel PIXELS PROBABILITIES CLASSES: coremltools loads the specification, and an interpreter of its
layers in NumPy, after the comments of Apple's NeuralNetwork.proto, gives those probabilities."""
import sys

import coremltools
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

path, pixels, probabilities, classes = sys.argv[1:5]
spec = coremltools.utils.load_spec(path)
gelu = any(l.WhichOneof("layer") == "gelu" for l in spec.neuralNetworkClassifier.layers)
assert spec.specificationVersion == (4 if gelu else 1)
coremltools.models.MLModel(spec, skip_model_load=True)  # what it is made of agrees
d, net = spec.description, spec.neuralNetworkClassifier
assert d.metadata.author == "eyenet" and d.metadata.userDefined["recipe"].startswith("crop=")
image = d.input[0].type.imageType
assert [i.name for i in d.input] == ["image"] and image.colorSpace == image.ColorSpace.Value("RGB")
assert {o.name: o.type.WhichOneof("Type") for o in d.output} == {"probabilities": "dictionaryType", "classLabel": "stringType"}
assert d.predictedFeatureName == "classLabel" and d.predictedProbabilitiesName == "probabilities"
assert net.labelProbabilityLayerName == "probabilities" and len(net.stringClassLabels.vector) == int(classes)

f = np.float64  # so that the interpreter does not round itself
x = np.fromfile(pixels, np.uint8).reshape(-1, image.height, image.width, 3).transpose(0, 3, 1, 2).astype(f)
want = np.fromfile(probabilities, "<f4").reshape(len(x), int(classes))
assert len(net.preprocessing) == 1 and net.preprocessing[0].featureName == "image"
scaler = net.preprocessing[0].scaler
bias = np.array([scaler.redBias, scaler.greenBias, scaler.blueBias], f).reshape(1, 3, 1, 1)
value = {"image": x * f(scaler.channelScale) + bias}


def floats(w):
    return np.array(w.floatValue, f)


def pad(x, valid, with_):
    (top, left) = valid.paddingAmounts.borderAmounts or [None, None]
    return x if top is None else np.pad(
        x, [(0, 0), (0, 0), (top.startEdgeSize, top.endEdgeSize), (left.startEdgeSize, left.endEdgeSize)],
        constant_values=with_)


def windows(x, kernel, stride, dilation=(1, 1)):
    reach = [(k - 1) * s + 1 for k, s in zip(kernel, dilation)]
    v = sliding_window_view(x, reach, axis=(2, 3))
    return v[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]


def convolution(p, x):
    groups, depth = p.nGroups, p.kernelChannels
    w = floats(p.weights).reshape(groups, p.outputChannels // groups, -1)
    v = windows(pad(x, p.valid, 0), p.kernelSize, p.stride, p.dilationFactor)
    n, c, h, wide = v.shape[:4]
    assert c == groups * depth
    rows = v.transpose(0, 2, 3, 1, 4, 5).reshape(n * h * wide, groups, -1).transpose(1, 0, 2)
    y = np.matmul(rows, w.transpose(0, 2, 1)).transpose(1, 0, 2).reshape(n, h, wide, -1).transpose(0, 3, 1, 2)
    return y + (floats(p.bias).reshape(1, -1, 1, 1) if p.hasBias else 0)


def pooling(p, x):
    maximum = p.type == p.MAX
    if p.globalPooling:
        return x.max((2, 3), keepdims=True) if maximum else x.mean((2, 3), keepdims=True)
    v = windows(pad(x, p.valid, -np.inf if maximum else 0), p.kernelSize, p.stride)
    if maximum:
        return v.max((4, 5))
    assert p.avgPoolExcludePadding
    inside = windows(pad(np.ones_like(x[:1, :1]), p.valid, 0), p.kernelSize, p.stride).sum((4, 5))
    return v.sum((4, 5)) / inside


def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x)))).astype(f)


def activation(p, x):
    kind = p.WhichOneof("NonlinearityType")
    q = getattr(p, kind)
    return {
        "linear": lambda: f(q.alpha) * x + f(q.beta),
        "ReLU": lambda: np.maximum(x, 0),
        "leakyReLU": lambda: np.where(x >= 0, x, f(q.alpha) * x),
        "tanh": lambda: np.tanh(x),
        "sigmoid": lambda: sigmoid(x),
        "sigmoidHard": lambda: np.clip(f(q.alpha) * x + f(q.beta), 0, 1),
    }[kind]()


def unary(p, x):
    x = f(p.scale) * x + f(p.shift)
    return {p.EXP: lambda: np.exp(x), p.LOG: lambda: np.log(np.maximum(x, f(p.epsilon))),
            p.THRESHOLD: lambda: np.maximum(x, f(p.alpha))}[p.type]()


def dense(p, x):
    assert x.shape[1:] == (p.inputChannels, 1, 1), x.shape
    return (x[:, :, 0, 0] @ floats(p.weights).reshape(p.outputChannels, -1).T + floats(p.bias))[:, :, None, None]


def norm(p, x):
    g, b, m, v = (floats(w).reshape(1, -1, 1, 1) for w in (p.gamma, p.beta, p.mean, p.variance))
    return (x - m) / np.sqrt(v + f(p.epsilon)) * g + b


def flatten(p, x):
    assert p.mode == p.CHANNEL_LAST
    return x.transpose(0, 2, 3, 1).reshape(len(x), -1, 1, 1)


def scale(p, x):
    return x * floats(p.scale).reshape(1, *p.shapeScale) + (floats(p.bias).reshape(1, *p.shapeBias) if p.hasBias else 0)


def exact_gelu(p, x):
    from math import erf
    assert p.mode == p.EXACT
    return (0.5 * x * (1 + np.vectorize(erf)(x.astype(float) / np.sqrt(2)))).astype(f)


def softmax(p, x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


layers = {
    "convolution": convolution, "pooling": pooling, "activation": activation, "unary": unary, "innerProduct": dense,
    "batchnorm": norm, "flatten": flatten, "scale": scale, "gelu": exact_gelu, "softmax": softmax,
    "add": lambda p, a, b: a + b, "multiply": lambda p, a, b: a * b, "min": lambda p, a, b: np.minimum(a, b),
    "concat": lambda p, *x: np.concatenate(x, 1),
    "slice": lambda p, x: x[:, p.startIndex : p.endIndex : p.stride],
}
names = [l.name for l in net.layers]
assert len(set(names)) == len(names)
with np.errstate(all="ignore"):
    for layer in net.layers:
        kind = layer.WhichOneof("layer")
        value[layer.output[0]] = layers[kind](getattr(layer, kind), *[value[i] for i in layer.input]).astype(f)
got = value["probabilities"].reshape(want.shape)
error = float(np.abs(got - want).max())
print(f"coreml: {len(x)} photographs, {len(names)} layers, probabilities differ by at most {error:.1e}, spread {want.std(0).max():.2f}")
assert want.std(0).max() > 0.03, "all photographs look alike: the comparison says nothing"
# the largest networks magnify the rounding of eyenet itself and of the weights that the normalisation is folded into
sys.exit(0 if error <= 5e-5 else "the difference is too large")
