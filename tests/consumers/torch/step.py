#!/usr/bin/env python3
"""step.py NETWORK.net CLASSES FILE.safetensors: repeats in PyTorch what step.c wrote, and compares.

Against PyTorch in double precision: the loss of the first step within 1e-4, every gradient within 1e-4 of its tensor's
largest, or within four times what PyTorch in single precision is off (before a norm some gradients are sums that cancel).
Against PyTorch in single precision: the losses of all steps within 1%.
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


def first_gradients(text, classes, given, kind):
    """Loss and gradients of the first step in that type, by eyenet's names."""
    net = Network(text, classes)
    pixels, truth = given["pixels"].to(torch.uint8), given["truth"].long()
    net.eval()(net.scaled(pixels))  # the lazy layers take their shape
    net.load(given)
    net.train().to(kind)
    loss = nn.functional.cross_entropy(net(net.scaled(pixels).to(kind)), truth)
    loss.backward()
    return loss.item(), {name: to_eyenet(t.grad).double() for name, t, to_eyenet in net.tensors() if t.requires_grad}


def curve(text, classes, given):
    net = Network(text, classes)
    pixels, truth = given["pixels"].to(torch.uint8), given["truth"].long()
    net.eval()(net.scaled(pixels))
    net.load(given)
    net.train()
    adam = torch.optim.Adam(net.parameters(), lr=1e-3)
    losses = []
    for _ in range(len(given["losses"])):
        adam.zero_grad()
        loss = nn.functional.cross_entropy(net(net.scaled(pixels)), truth)
        loss.backward()
        adam.step()
        losses.append(loss.item())
    return torch.tensor(losses)


def main():
    text, classes = open(sys.argv[1], encoding="utf-8").read(), int(sys.argv[2])
    given = read(sys.argv[3])
    exact_loss, exact = first_gradients(text, classes, given, torch.float64)
    _, torch_32 = first_gradients(text, classes, given, torch.float32)
    worst, fine = ("", 0.0, 0.0), True
    for name, want in exact.items():
        most = want.abs().max().item()
        off = (given[name + ".gradient"].double() - want).abs().max().item()
        theirs = (torch_32[name] - want).abs().max().item()
        fine &= off <= max(1e-4 * most, 4 * theirs)
        worst = max(worst, (name, off / most, theirs / most), key=lambda entry: entry[1])
    losses = curve(text, classes, given)
    first = abs(exact_loss - given["losses"][0].item()) / exact_loss
    apart = ((losses - given["losses"]).abs() / losses.clamp(min=0.01)).max().item()
    print(f"loss {first:.1e}; worst gradient {worst[1]:.1e} ({worst[0]}; PyTorch {worst[2]:.1e}); "
          f"{len(losses)} steps {apart:.1e}, from {losses[0]:.4f} to {losses[-1]:.4f}")
    assert fine and first < 1e-4 and apart < 0.01


main()
