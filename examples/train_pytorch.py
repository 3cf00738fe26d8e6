#!/usr/bin/env python3
"""PyTorch trains on what 'eyenet export folder -o DIR' wrote: a Dataset over the mapped samples, and a small network.

    python3 train_pytorch.py DIR [EPOCHS]

Prints the loss, and at the end the area under the ROC curve on the test part, for grades of 2 and more. Parts are of whole
patients, as in the split of the catalog.
"""
import csv
import os
import sys

import numpy
import torch
from torch import nn


class Eyes(torch.utils.data.Dataset):
    """The photographs of a part that have a grade: pixels (3,N,N) from 0 to 1, and whether the grade is 2 or more."""

    def __init__(self, folder, part):
        self.samples = numpy.load(os.path.join(folder, "samples.npy"), mmap_mode="r")
        with open(os.path.join(folder, "splits.csv"), newline="", encoding="utf-8", errors="replace") as f:
            self.rows = [r for r in csv.DictReader(f) if r["part"] == part and r["grade"]]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        pixels = torch.from_numpy(numpy.array(self.samples[int(self.rows[i]["row"])]))
        return pixels.permute(2, 0, 1).float() / 255, float(int(self.rows[i]["grade"]) >= 2)


def scores(network, data):
    network.eval()
    with torch.no_grad():
        batches = [(network(x).squeeze(1), y) for x, y in torch.utils.data.DataLoader(data, 64)]
    return torch.cat([s for s, _ in batches]), torch.cat([y for _, y in batches])


def main(folder, epochs=5):
    torch.manual_seed(1)
    train, test = Eyes(folder, "train"), Eyes(folder, "test")
    network = nn.Sequential(nn.Conv2d(3, 16, 5, 2), nn.ReLU(), nn.Conv2d(16, 32, 3, 2), nn.ReLU(), nn.AdaptiveAvgPool2d(4),
                            nn.Flatten(), nn.Linear(512, 1))
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    positives = sum(int(r["grade"]) >= 2 for r in train.rows)
    weight = torch.tensor((len(train) - positives) / max(positives, 1))
    for epoch in range(epochs):
        network.train()
        total = 0.0
        for x, y in torch.utils.data.DataLoader(train, 16, shuffle=True):
            optimiser.zero_grad()
            loss = nn.functional.binary_cross_entropy_with_logits(network(x).squeeze(1), y.float(), pos_weight=weight)
            loss.backward()
            optimiser.step()
            total += loss.item() * len(y)
        print(f"epoch {epoch + 1}: loss {total / len(train):.4f}, n = {len(train)} photographs")
    s, y = scores(network, test)
    s, positive = s.numpy(), y.numpy() == 1
    above = s[positive][:, None] - s[~positive]
    print(f"AUC {(above > 0).mean() + (above == 0).mean() / 2:.4f}, n = {len(test)} photographs, {positive.sum()} positive")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
