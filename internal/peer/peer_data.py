"""Clouds as examples/classify reads them, and draws of their points with neighbours."""
import collections
import csv
import gzip
import os
import re

import numpy as np
import torch

centres, around, fewer, about = 96, 16, 32, 12  # of the two stages of groups
together = 64  # clouds whose neighbours are found at once


def array(name):
    with (gzip.open if name.endswith(".gz") else open)(name, "rb") as f:
        return np.load(f, allow_pickle=False)


def load(o):
    """Returns the training part, the test part, the number of classes, and where coordinates begin among the columns."""
    clouds, classes, tested, extra = table(o) if o.table else voxels(o.data)
    names = sorted(set(classes))
    truth = torch.tensor([names.index(c) for c in classes])
    logarithmic = [lo > 0 and hi > 10 * lo for lo, hi in zip(extra[~tested].min(0), extra[~tested].max(0))]
    extra[:, logarithmic] = np.log(np.maximum(extra, extra[~tested].min(0))[:, logarithmic])
    mean, deviation = extra[~tested].mean(0), extra[~tested].std(0)
    scaled = (extra - mean) / np.where(deviation > 0, deviation, 1)
    sizes = np.exp(extra - mean)[:, logarithmic]  # of typical ones
    unit = np.sqrt(np.mean([np.square(c).mean() for c, t in zip(clouds, tested) if not t and len(c)])) or 1.0
    rng, made = np.random.default_rng(1), []
    for cloud, e, size in zip(clouds, scaled, sizes):
        cloud = rng.permutation(cloud if len(cloud) else np.zeros((1, 3), np.float32))
        middle = cloud - cloud.mean(0)
        middle /= np.sqrt(np.square(middle).sum(1).max()) or 1.0
        real = [cloud * (s / unit) for s in size]
        made.append(np.concatenate([middle, np.tile(e, (len(cloud), 1)), *real], 1).astype(np.float32))
    columns = [0] + [3 + len(logarithmic) + 3 * i for i in range(sum(logarithmic))]
    known = {c.tobytes() for c, t in zip(clouds, tested) if not t}
    repeated = torch.tensor([t and c.tobytes() in known for c, t in zip(clouds, tested)])
    part = lambda at: Part([made[i] for i in np.flatnonzero(at)], truth[at], repeated[at])
    return part(~tested), part(tested), len(names), columns


def table(o):
    """Reads an array and a table with a row for each cloud, as io/dataset.OpenTable does."""
    with open(o.table, newline="") as f:
        tabs = o.table.endswith((".tsv", ".tab"))
        rows = list(csv.DictReader(f, delimiter="\t" if tabs else ",", quoting=csv.QUOTE_NONE if tabs else csv.QUOTE_MINIMAL))
    clouds = array(o.data)
    if len(rows) != len(clouds):
        raise SystemExit(f"{o.table}: want a row for each of {len(clouds)} clouds, got {len(rows)}")
    names = [c.strip() for c in o.extra.split(",") if c.strip()]
    for column in [o.label, o.split, *names]:
        if column not in rows[0]:
            raise SystemExit(f"{o.table}: want a column {column!r}, as -label, -split or -extra has it, got {list(rows[0])}")
    count = collections.Counter(r[o.label] for r in rows if r[o.split] == "train")
    top = sorted(count, key=lambda c: (-count[c], c))[: o.top or None]
    kept = [i for i, r in enumerate(rows) if r[o.label] in top and r[o.split] in ("train", "test")]
    extra = np.array([[float(x) for c in names for x in re.split(r"[\s,;]+", rows[i][c].strip(" []()"))] for i in kept])
    return (list(clouds[kept, :, :3].astype(np.float32)), [rows[i][o.label] for i in kept],
            np.array([rows[i][o.split] == "test" for i in kept]), extra.reshape(len(kept), -1))


def voxels(name, side=32, train=3991):
    """Reads bits of voxels, the official training part first, and takes those with an empty neighbour."""
    full = np.unpackbits(array(name), axis=1).reshape(-1, side, side, side).astype(bool)
    padded = np.pad(full, ((0, 0), (1, 1), (1, 1), (1, 1)))
    inner = np.ones_like(full)
    for axis in (1, 2, 3):
        for step in (-1, 1):
            inner &= np.roll(padded, step, axis)[:, 1:-1, 1:-1, 1:-1]
    surface = full & ~inner
    classes = array(os.path.join(os.path.dirname(name), "labels.npy.gz")).tolist()
    return [np.argwhere(s).astype(np.float32) for s in surface], classes, np.arange(len(full)) >= train, np.zeros((len(full), 0))


class Part:
    """Clouds of any sizes, with their classes."""

    def __init__(self, clouds, truth, repeated):
        self.sizes = torch.tensor([len(c) for c in clouds])
        self.starts = self.sizes.cumsum(0) - self.sizes
        self.values, self.width = torch.from_numpy(np.concatenate(clouds)), clouds[0].shape[1]
        self.truth, self.repeated = truth, repeated
        self.steps = torch.tensor(primes(int(self.sizes.max()), 200))

    def __len__(self):
        return len(self.sizes)

    def draw(self, count, grouped):
        """Draws points of each cloud, none twice if there are as many: of points in random order every p-th, p a prime above all sizes."""
        step = self.steps[torch.randint(len(self.steps), (len(self), 1))]
        at = (torch.randint(1 << 30, (len(self), 1)) + step * torch.arange(count)) % self.sizes[:, None] + self.starts[:, None]
        if not grouped:
            return Draw(self, at.int(), None, None)
        parts = [group(self.values[rows][:, :, :3]) for rows in at.split(together)]
        order, near, far = (torch.cat(p) for p in zip(*parts))
        return Draw(self, at.gather(1, order).int(), near.int(), far.int())


class Draw:
    """Rows of points for each cloud, and for nets of groups the neighbours of centres."""

    def __init__(self, part, at, near, far):
        self.part, self.at, self.near, self.far = part, at, near, far

    def __len__(self):
        return len(self.at)

    def rows(self, rows):
        pick = lambda t: None if t is None else t[rows]
        return self.part.values[self.at[rows]], pick(self.near), pick(self.far), self.part.truth[rows]


def group(p):
    """Returns an order of the points [clouds, points, 3] that begins with centres, farthest points, and the neighbours of centres in it.

    The first of the farthest points are the farthest of them, so the centres of the second stage are the first of the first.
    """
    clouds, n, _ = p.shape
    axes = [c.contiguous() for c in p.unbind(2)]
    least, last, found = torch.full((clouds, n), torch.inf), torch.zeros(clouds, 1, dtype=torch.long), []
    for _ in range(centres):
        found.append(last)
        least = torch.minimum(least, sum((c - c.gather(1, last)).square_() for c in axes))
        last = least.argmax(1, keepdim=True)
    first = torch.cat(found, 1)
    key = torch.full((clouds, n), centres).scatter_(1, first, torch.arange(centres).expand(clouds, -1))
    order = key.argsort(1)
    p = p.gather(1, order[:, :, None].expand(-1, -1, 3))
    nearest = lambda p, some, k: torch.cdist(p[:, :some], p).topk(k, largest=False, sorted=False).indices
    return order, nearest(p, centres, around), nearest(p[:, :centres], fewer, about)


def primes(above, count):
    found, n = [], above + 1
    while len(found) < count:
        if all(n % d for d in range(2, int(n**0.5) + 1)) and n > 1:
            found.append(n)
        n += 1
    return found
