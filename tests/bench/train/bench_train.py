#!/usr/bin/env python3
"""bench_train.py MODEL BATCH THREADS STEPS: what bench_train does, in PyTorch (pip install torch).

The same network, batch, loss and optimiser on the same kind of noise; prints the seconds of every step, one a line,
after two steps that do not count. Pixels start as bytes (N,H,W,C) in memory and are scaled within the step, as in
eyenet.
"""
import sys
import time

import torch
from torch import nn

WARM_UP = 2


def conv3(size):
    return [nn.Conv2d(3, 32, size), nn.ReLU(), nn.Conv2d(32, 32, size), nn.ReLU(), nn.Conv2d(32, 32, size), nn.ReLU()]


def network(model):
    size = {"eyenet3": 3, "eyenet": 8}[model]
    side = (256 - 3 * (size - 1)) // 2
    return nn.Sequential(*conv3(size), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(side * side * 32, 128), nn.Sigmoid(),
                         nn.Dropout(0.25), nn.Linear(128, 2))


def main():
    model, batch, threads, steps = sys.argv[1], *map(int, sys.argv[2:5])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    net = network(model).to(memory_format=torch.channels_last)
    adam = torch.optim.Adam(net.parameters(), lr=1e-3, eps=1e-7, fused=True)
    loss_of = nn.CrossEntropyLoss()
    pixels = torch.randint(0, 256, (batch, 256, 256, 3), dtype=torch.uint8)
    truth = torch.randint(0, 2, (batch,))
    print("torch", torch.__version__, torch.backends.cpu.get_cpu_capability(), file=sys.stderr)
    for step in range(steps + WARM_UP):
        start = time.perf_counter()
        x = pixels.permute(0, 3, 1, 2).to(torch.float32, memory_format=torch.channels_last).mul_(1 / 255)
        adam.zero_grad(set_to_none=False)
        loss = loss_of(net(x), truth)
        loss.backward()
        adam.step()
        loss.item()
        if step >= WARM_UP:
            print(f"{time.perf_counter() - start:.6f}", flush=True)


main()
