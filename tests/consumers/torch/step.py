#!/usr/bin/env python3
"""step.py NETWORK.net CLASSES FILE.safetensors: repeats in PyTorch what step.c wrote, and compares.

Loss and every gradient of the first step within 1e-4 (of the loss; of the tensor's largest gradient, or, where that is
nothing but rounding, of a millionth of the network's largest), the losses of all steps within 1%.
"""
import json
import struct
import sys

import torch
from torch import nn

from network import Network


def read(path):
    with open(path, "rb") as file:
        size, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = bytearray(file.read())
    return {name: torch.frombuffer(data, dtype=torch.float32, offset=t["data_offsets"][0],
                                   count=(t["data_offsets"][1] - t["data_offsets"][0]) // 4).reshape(t["shape"])
            for name, t in header.items() if name != "__metadata__"}


def main():
    text, classes = open(sys.argv[1], encoding="utf-8").read(), int(sys.argv[2])
    given = read(sys.argv[3])
    net = Network(text, classes)
    pixels, truth = given["pixels"].to(torch.uint8), given["truth"].long()
    net.eval()(net.scaled(pixels))  # the lazy layers take their shape
    net.load(given)
    net.train()
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)
    losses, worst = [], ("", 0.0)
    for step in range(len(given["losses"])):
        adam.zero_grad()
        loss = nn.functional.cross_entropy(net(net.scaled(pixels)), truth)
        loss.backward()
        if step == 0:
            pairs = [(name, to_eyenet(t.grad), given[name + ".gradient"]) for name, t, to_eyenet in net.tensors()
                     if t.requires_grad]
            most = max(g.abs().max().item() for _, g, _ in pairs)
            for name, mine, theirs in pairs:
                off = ((mine - theirs).abs().max() / max(mine.abs().max().item(), 1e-6 * most)).item()
                worst = max(worst, (name, off), key=lambda pair: pair[1])
        adam.step()
        losses.append(loss.item())
    losses = torch.tensor(losses)
    first = abs(losses[0] - given["losses"][0]).item() / losses[0].item()
    curve = ((losses - given["losses"]).abs() / losses.clamp(min=0.01)).max().item()
    print(f"loss {first:.2e}, gradients {worst[1]:.2e} ({worst[0]}), {len(losses)} steps {curve:.2e}, "
          f"loss {losses[0]:.4f} -> {losses[-1]:.4f}")
    assert first < 1e-4 and worst[1] < 1e-4 and curve < 0.01


main()
