"""A network text of eyenet (src/nn/spec.h) as a PyTorch module, and eyenet's weights in it.

Only what has an exact counterpart: `pad same` with a stride is padded as TensorFlow does, explicitly.
"""
import torch
import torch.nn.functional as F
from torch import nn

ACTIVATIONS = {
    "relu": nn.ReLU, "relu6": nn.ReLU6, "leaky": lambda: nn.LeakyReLU(0.01), "sigmoid": nn.Sigmoid, "tanh": nn.Tanh,
    "gelu": nn.GELU, "hswish": nn.Hardswish,
}
OUTPUTS = ("softmax", "ordinal")


def same(length, size, stride):
    """Padding before and after, as in TensorFlow."""
    whole = max((-(-length // stride) - 1) * stride + size - length, 0)
    return whole // 2, whole - whole // 2


class Squeeze(nn.Module):
    def __init__(self, channels, units):
        super().__init__()
        self.reduce, self.expand = nn.Linear(channels, units), nn.Linear(units, channels)

    def forward(self, x):
        factor = F.hardsigmoid(self.expand(F.relu(self.reduce(x.mean((2, 3))))))
        return x * factor[:, :, None, None]


class Flat(nn.Module):
    """A dense layer; its inputs are in the order h, w, c."""

    def __init__(self, units):
        super().__init__()
        self.linear = nn.LazyLinear(units)

    def forward(self, x):
        return self.linear(x.permute(0, 2, 3, 1).flatten(1))[:, :, None, None]


class Window(nn.Module):
    """Padding, then a convolution or pooling."""

    def __init__(self, layer, pad, size, stride, value=0.0):
        super().__init__()
        self.layer, self.pad, self.size, self.stride, self.value = layer, pad, size, stride, value

    def forward(self, x):
        if self.pad == "same":
            top, bottom = same(x.shape[2], self.size[0], self.stride)
            left, right = same(x.shape[3], self.size[1], self.stride)
            if (top, left) == (bottom, right) and isinstance(self.layer, nn.Conv2d):
                self.layer.padding = (top, left)  # PyTorch's own padding is the faster one
            elif top + bottom + left + right > 0:
                x = F.pad(x, (left, right, top, bottom), value=self.value)
        return self.layer(x)


class Network(nn.Module):
    """Logits (n, units) from scaled pixels (n, c, h, w)."""

    def __init__(self, text, classes):
        super().__init__()
        self.lines, self.parts, self.names = [], nn.ModuleList(), {"input": 0}
        self.scale, self.shift, channels = 1 / 255, 0.0, [0]
        for line in text.splitlines():
            words = line.split("#")[0].split()
            if not words:
                continue
            if words[0] == "input":
                self.size = tuple(map(int, words[1].split("x")))
                channels = [self.size[2]]
                for key, value in zip(words[2::2], words[3::2]):
                    setattr(self, key, eval(value))  # a number or a fraction
                continue
            self.add_line(words, channels, classes)

    def add_line(self, words, channels, classes):
        kind, options, index = words[0], list(words[1:]), len(self.lines)

        def take(word, default):
            if word not in options:
                return default
            at = options.index(word)
            value = options[at + 1]
            del options[at:at + 2]
            return value

        source, name = take("from", None), take("as", None)
        source = self.names[source] if source else index
        stride, pad, groups = take("stride", None), take("pad", "0"), int(take("groups", "1"))
        dilation, epsilon = int(take("dilation", "1")), float(take("epsilon", "1e-5"))
        inside, other = channels[source], None
        out = inside
        parts = []
        if kind == "conv":
            out, size = int(options[0]), tuple(map(int, options[1].split("x")))
            groups = inside if "depthwise" in options else groups
            step = int(stride or 1)
            padding = 0 if pad == "same" else int(pad)
            parts.append(Window(nn.Conv2d(inside, out, size, step, padding, dilation, groups,
                                          bias="batchnorm" not in options), pad,
                                tuple((s - 1) * dilation + 1 for s in size), step))
        elif kind == "dense":
            out = (classes - ("ordinal" in options)) if options[0] == "classes" else int(options[0])
            parts.append(Flat(out))
        elif kind in ("maxpool", "avgpool"):
            size = int(options[0])
            step = int(stride or size)
            padding = 0 if pad == "same" else int(pad)
            layer = nn.MaxPool2d(size, step, padding) if kind == "maxpool" else \
                nn.AvgPool2d(size, step, padding, count_include_pad=False)
            parts.append(Window(layer, pad, (size, size), step, float("-inf")))
        elif kind == "globalmaxpool":
            parts.append(nn.AdaptiveMaxPool2d(1))
        elif kind == "globalavgpool":
            parts.append(nn.AdaptiveAvgPool2d(1))
        elif kind == "dropout":
            parts.append(nn.Dropout(float(options[0])))
        elif kind == "squeeze-excite":
            parts.append(Squeeze(inside, int(options[0])))
        elif kind == "add":
            other = self.names[options[0]]
        elif kind in ACTIVATIONS:
            parts.append(ACTIVATIONS[kind]())
        if kind == "batchnorm" or "batchnorm" in options:
            parts.append(nn.BatchNorm2d(out, eps=epsilon))
        parts += [ACTIVATIONS[word]() for word in options if word in ACTIVATIONS]
        self.lines.append((source, other))
        self.parts.append(nn.Sequential(*parts))
        channels.append(out)
        if name:
            self.names[name] = index + 1

    def forward(self, x):
        tensors = [x]
        for (source, other), part in zip(self.lines, self.parts):
            value = tensors[source] if other is None else tensors[source] + tensors[other]
            tensors.append(part(value))
        return tensors[-1].flatten(1)

    def scaled(self, pixels, layout=torch.contiguous_format):
        """(n, h, w, c) bytes as (n, c, h, w) floats."""
        x = pixels.permute(0, 3, 1, 2).to(torch.float32, memory_format=layout).mul_(self.scale)
        return x.add_(self.shift) if self.shift else x

    def tensors(self):
        """eyenet's name of each tensor, the tensor, and how it becomes eyenet's layout."""
        for index, part in enumerate(self.parts):
            for module in part.modules():
                if isinstance(module, nn.Conv2d):
                    yield f"{index}.conv.weight", module.weight, lambda t: t.permute(2, 3, 1, 0)
                    if module.bias is not None:
                        yield f"{index}.conv.bias", module.bias, lambda t: t
                elif isinstance(module, Flat):
                    yield f"{index}.dense.weight", module.linear.weight, lambda t: t.permute(1, 0)
                    yield f"{index}.dense.bias", module.linear.bias, lambda t: t
                elif isinstance(module, Squeeze):
                    for name, linear in ("reduce", module.reduce), ("expand", module.expand):
                        yield f"{index}.squeeze.{name}.weight", linear.weight, lambda t: t.permute(1, 0)
                        yield f"{index}.squeeze.{name}.bias", linear.bias, lambda t: t
                elif isinstance(module, nn.BatchNorm2d):
                    for name, of in (("scale", "weight"), ("shift", "bias"), ("mean", "running_mean"),
                                     ("variance", "running_var")):
                        yield f"{index}.batchnorm.{name}", getattr(module, of), lambda t: t

    def load(self, weights):
        """From a dict of eyenet's tensors."""
        for name, tensor, to_eyenet in self.tensors():
            with torch.no_grad():
                to_eyenet(tensor).copy_(torch.as_tensor(weights[name]))
