#!/usr/bin/env python3
"""Times PyTorch on what BenchmarkWork of package layers does.

  OMP_NUM_THREADS=2 python3 layers_peer.py train/cluster-ragged

Prints a line of JSON: the name, the median seconds and the largest memory in MiB.
The models are the Set Transformers of layers/work_test.go, with as many parameters,
in plain PyTorch; where it has fused attention, that is used. Sets of several sizes
are padded to the largest and the padding is masked. OPENBLAS_CORETYPE=SKYLAKEX lets
an OpenBLAS that does not know the processor use AVX-512. Debian: python3-torch.
"""
import json
import os
import random
import resource
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count())))
fused = getattr(functional, "scaled_dot_product_attention", None)


def attend(q, k, v, seen):
    """Attention of tensors [sets, heads, elements, width]; seen tells padding from elements."""
    if fused:
        return fused(q, k, v, attn_mask=seen)
    logits = torch.matmul(q, k.transpose(2, 3)) * q.shape[-1] ** -0.5
    if seen is not None:
        logits = logits.masked_fill(~seen, float("-inf"))
    return torch.matmul(torch.softmax(logits, dim=3), v)


class Mab(nn.Module):
    """h = q + attention, h + relu(linear(h)), as Lee et al. have it."""

    def __init__(self, width_x, width_y, width, heads=4):
        super().__init__()
        self.query = nn.Linear(width_x, width)
        self.key = nn.Linear(width_y, width)
        self.value = nn.Linear(width_y, width)
        self.after = nn.Linear(width, width)
        self.heads = heads

    def forward(self, x, y, seen=None):
        q = self.query(x)
        sets, _, width = q.shape
        split = lambda t: t.reshape(sets, -1, self.heads, width // self.heads).permute(0, 2, 1, 3)
        found = attend(split(q), split(self.key(y)), split(self.value(y)), seen)
        h = q + found.permute(0, 2, 1, 3).reshape(q.shape)
        return h + torch.relu(self.after(h))


class Points(nn.Module):
    """Elements that are learned: inducing points, or seeds."""

    def __init__(self, count, width):
        super().__init__()
        self.rows = nn.Parameter(torch.randn(1, count, width) / width**0.5)

    def forward(self, sets):
        return self.rows.expand(sets, -1, -1)


class SetTransformer(nn.Module):
    def __init__(self, dim, width, inducing, seeds, out, decoder=0):
        super().__init__()
        self.inducing = nn.ModuleList(Points(inducing, width) for _ in range(2 if inducing else 0))
        self.write = nn.ModuleList(Mab(width, w, width) for w in (dim, width) if inducing)
        self.read = nn.ModuleList(Mab(w, width if inducing else w, width) for w in (dim, width))
        self.seeds, self.pool = Points(seeds, width), Mab(width, width, width)
        self.decoder = nn.ModuleList(Mab(width, width, width) for _ in range(decoder))
        self.last = nn.Linear(width, out)

    def forward(self, x, seen=None):
        for i, read in enumerate(self.read):
            if self.inducing:
                x = read(x, self.write[i](self.inducing[i](len(x)), x, seen))
            else:
                x = read(x, x, seen)
        x = self.pool(self.seeds(len(x)), x, seen)
        for sab in self.decoder:
            x = sab(x, x)
        return self.last(x)


def between(count, least, most):
    draw = random.Random(1)
    return [draw.randint(least, most) for _ in range(count)]


def padded(sizes, dim):
    x, seen = torch.zeros(len(sizes), max(sizes), dim), torch.zeros(len(sizes), 1, 1, max(sizes), dtype=torch.bool)
    for i, n in enumerate(sizes):
        x[i, :n] = torch.randn(n, dim)
        seen[i, :, :, :n] = True
    return x, None if seen.all() else seen


def train(model, dim, sizes, mean):
    x, seen = padded(sizes, dim)
    with torch.no_grad():
        y = model(x, seen)
    truth = torch.randn_like(y) if mean else torch.randint(y.shape[2], [len(sizes)])
    optimizer = torch.optim.Adam(model.parameters())

    def step():
        y = model(x, seen)
        loss = functional.mse_loss(y, truth) if mean else functional.cross_entropy(y[:, 0], truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def infer(model, dim, sizes, _):
    x, seen = padded(sizes, dim)
    model.eval()

    def step():
        with torch.inference_mode():
            model(x, seen)

    return step


def mixture():
    return SetTransformer(2, 128, 32, 4, 5, 1), 2


def shapes():
    return SetTransformer(3, 128, 16, 1, 40), 3


def largest():
    return SetTransformer(1, 64, 0, 1, 1), 1


def full():
    return SetTransformer(3, 128, 0, 1, 40), 3


skewed = [2048] + between(63, 16, 128)

work = {
    "train/cluster-ragged": (train, mixture, between(10, 100, 500), True),
    "train/cluster-equal": (train, mixture, [300] * 10, True),
    "train/cloud-1024": (train, shapes, [1024] * 16, False),
    "train/max-regression": (train, largest, between(128, 1, 10), True),
    "train/skewed": (train, shapes, skewed, False),
    "infer/cloud-1024": (infer, shapes, [1024], False),
    "infer/cloud-batch": (infer, shapes, [1024] * 64, False),
    "infer/skewed": (infer, shapes, skewed, False),
    "infer/sab-2048": (infer, full, [2048], False),
    "train/sab-2048": (train, full, [2048], False),
    "infer/sab-16384": (infer, full, [16384], False),
}


def main(name):
    torch.manual_seed(0)
    how, model, sizes, mean = work[name]
    step = how(*model(), sizes, mean)
    step()
    step()
    seconds = []
    start = time.perf_counter()
    while len(seconds) < 5 or (len(seconds) < 200 and time.perf_counter() - start < 4):
        t = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - t)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"name": name, "median_s": statistics.median(seconds), "peak_mib": memory}))


for name in sys.argv[1:]:
    main(name)
