#!/usr/bin/env python3
"""Trains PyTorch networks on what examples/classify learns from, for a time.

  OMP_NUM_THREADS=1 python3 classify_peer.py -net groups -minutes 10 -seed 1 \\
      -data points_int16.npy.gz -table parts.tsv -label category -split split -extra half_extent -top 20
  OMP_NUM_THREADS=1 python3 classify_peer.py -net groups -minutes 5 -data voxels32_bits.npy.gz

The first reads an array and a table, as the flags of classify of the same names
do; the second ModelNet10 as bits of voxels, labels.npy.gz beside them, of which it
takes the voxels with an empty neighbour as points.

The networks are PointNet (Qi et al. 2017, without the nets that turn its input),
groups (after PointNet++, Qi et al. 2017: 96 centres of 16 neighbours, then 32 of 12)
and DGCNN (Wang et al. 2019), which peer_nets.py has. The recipe is the same for all:
512 points, drawn anew in each of the first 10 epochs, of whose draws the later ones
take one, with the neighbours found for it; axes scaled by 0.87 to 1.15 as classify
does, batches of 32, AdamW at 2e-3 that falls by a cosine over the time, decay 0.05,
smoothing 0.2. Features are coordinates in the unit sphere, the numbers of -extra, and
for each that is a size coordinates as they are.

It prints lines of JSON: what is trained; after each minute the accuracy on the test
part, by one draw of points, and the epochs so far, without the test shapes that
equal a training shape as well if there are any; at last the seconds of an epoch,
those of them that farthest points and neighbours take, and the accuracy by the mean
of four draws. Reading, compiling (torch.compile is taken if a step with it is
faster) and tests are not counted as time; drawing and neighbours are.
"""
import argparse
import copy
import json
import math
import os
import sys
import time

import torch
from torch.nn import functional

import peer_data
import peer_nets

batch, peak, decay, smoothing, points = 32, 2e-3, 0.05, 0.2, 512
draws = 10  # of the points of each cloud, as LDraw has 1,024 of each
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count())))


def tell(**what):
    print(json.dumps(what), flush=True)


def varied(x, columns):
    """Scales the axes of each cloud's coordinates, which begin at these columns."""
    scale = torch.empty(len(x), 1, 3).uniform_(0.87, 1.15)
    x = x.clone()
    for at in columns:
        x[:, :, at : at + 3] *= scale
    return x


def loss_of(net, drawn, rows, columns):
    x, near, far, truth = drawn.rows(rows)
    return functional.cross_entropy(net(varied(x, columns), near, far), truth, label_smoothing=smoothing)


def faster(net, drawn, columns):
    """Returns the net or what torch.compile makes of it, whichever takes less time for a step, and its name."""
    rows, state = torch.arange(batch) % len(drawn), copy.deepcopy(net.state_dict())

    def seconds(net):
        net.eval()
        with torch.inference_mode():
            net(*drawn.rows(rows)[:3])
        net.train()
        least = math.inf
        for _ in range(5):
            start = time.perf_counter()
            loss_of(net, drawn, rows, columns).backward()
            least = min(least, time.perf_counter() - start)
        net.zero_grad()
        return least

    ways = {"eager": net}
    try:
        ways["compiled"] = torch.compile(net, dynamic=False)
        took = {name: seconds(way) for name, way in ways.items()}
    except Exception as e:  # such as no C++ compiler
        print(f"torch.compile: {str(e)[:200]}", file=sys.stderr)
        took = {"eager": seconds(net)}
    net.load_state_dict(state)
    best = min(took, key=took.get)
    return ways[best], best, {name: round(1000 * t, 1) for name, t in took.items()}


def guess(net, drawn):
    """Returns the probabilities of classes."""
    net.eval()
    count, found = len(drawn), []
    with torch.inference_mode():
        for rows in (torch.arange(math.ceil(count / batch) * batch) % count).split(batch):
            found.append(torch.softmax(net(*drawn.rows(rows)[:3]), 1))
    net.train()
    return torch.cat(found)[:count]


def measures(p, test):
    """Returns the accuracy, and that without shapes that the training part has too if there are any."""
    right = p.argmax(1) == test.truth
    found = {"accuracy": right.float().mean().item()}
    if test.repeated.any() and not test.repeated.all():
        found["without_repeats"] = right[~test.repeated].float().mean().item()
    return {name: round(x, 4) for name, x in found.items()}


def main():
    a = argparse.ArgumentParser(allow_abbrev=False)
    a.add_argument("-net", choices=sorted(peer_nets.nets), default="groups")
    a.add_argument("-minutes", type=float, default=10)
    a.add_argument("-seed", type=int, default=1)
    a.add_argument("-data", required=True)
    for name in ("table", "label", "split", "extra"):
        a.add_argument("-" + name, default="")
    a.add_argument("-top", type=int, default=0)
    o = a.parse_args()
    torch.manual_seed(o.seed)
    torch.set_flush_denormal(True)

    train, test, classes, columns = peer_data.load(o)
    net = peer_nets.nets[o.net](train.width, classes)
    grouped = o.net == "groups"
    unseen = test.draw(points, grouped)
    run, way, took = faster(net, test.draw(points, grouped), columns)
    tell(net=o.net, torch=torch.__version__, threads=torch.get_num_threads(), weights=sum(p.numel() for p in net.parameters()),
         train=len(train), test=len(test), classes=classes, way=way, step_ms=took)

    optimizer = torch.optim.AdamW(net.parameters(), peak, weight_decay=decay, fused=True)
    budget, spent, drawing, steps, per_epoch, minute = 60 * o.minutes, 0.0, 0.0, 0, max(len(train) // batch, 1), 1
    pool, order, drawn = [], [], None
    while spent < budget:
        start = time.perf_counter()
        if not order:
            order = [r for r in torch.randperm(len(train)).split(batch) if len(r) == min(batch, len(train))]
            if len(pool) < draws:
                pool.append(train.draw(points, grouped))
                drawing += time.perf_counter() - start
            drawn = pool[-1] if steps < draws * per_epoch else pool[torch.randint(draws, ()).item()]
        optimizer.param_groups[0]["lr"] = peak * (1 + math.cos(math.pi * spent / budget)) / 2
        loss = loss_of(run, drawn, order.pop(), columns)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        steps += 1
        spent += time.perf_counter() - start
        if spent >= min(60 * minute, budget):
            tell(minute=min(minute, o.minutes), epoch=round(steps / per_epoch, 2), loss=round(loss.item(), 3), **measures(guess(run, unseen), test))
            minute += 1
    p = sum(guess(run, test.draw(points, grouped)) for _ in range(4))
    epochs = steps / per_epoch
    tell(seconds_per_epoch=round(spent / epochs, 3), of_it_points=round(drawing / epochs, 3), voted=measures(p, test))


if __name__ == "__main__":
    main()
