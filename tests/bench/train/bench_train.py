#!/usr/bin/env python3
"""bench_train.py MODEL.net BATCH THREADS STEPS LAYOUT: what bench_train does, in PyTorch (pip install torch).

The same network, batch, loss and optimiser on the same kind of noise; prints the seconds of every step, one a line,
after two steps that do not count. LAYOUT is nchw or nhwc (channels_last), optionally with -bf16 for autocast. Pixels
start as bytes (N,H,W,C) in memory and are scaled within the step, as in eyenet.
"""
import pathlib
import sys
import time

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "consumers" / "torch"))
from network import Network  # noqa: E402

WARM_UP = 2


def main():
    model, (batch, threads, steps), layout = sys.argv[1], map(int, sys.argv[2:5]), sys.argv[5]
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    form = torch.channels_last if layout.startswith("nhwc") else torch.contiguous_format
    with open(model, encoding="utf-8") as text:
        net = Network(text.read(), 2)
    high, wide, channels = net.size
    pixels = torch.randint(0, 256, (batch, high, wide, channels), dtype=torch.uint8)
    net(net.scaled(pixels[:1]).expand(2, -1, -1, -1))  # the lazy layers take their shape
    net = net.to(memory_format=form)
    adam = torch.optim.Adam(net.parameters(), lr=1e-3, eps=1e-7, fused=True)
    loss_of = nn.CrossEntropyLoss()
    truth = torch.randint(0, 2, (batch,))
    print("torch", torch.__version__, torch.backends.cpu.get_cpu_capability(), layout, file=sys.stderr)
    for step in range(steps + WARM_UP):
        start = time.perf_counter()
        x = net.scaled(pixels, form)
        adam.zero_grad(set_to_none=False)
        with torch.autocast("cpu", torch.bfloat16, enabled=layout.endswith("bf16")):
            loss = loss_of(net(x), truth)
        loss.backward()
        adam.step()
        loss.item()
        if step >= WARM_UP:
            print(f"{time.perf_counter() - start:.6f}", flush=True)


main()
