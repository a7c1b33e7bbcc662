"""PointNet, a network of local groups and DGCNN, written from the papers.

A net gets points [clouds, points, width], whose first three columns are coordinates,
and gives logits [clouds, classes]. PointNet and DGCNN are half as wide as in the
papers, and so learn more in a few minutes of a CPU. What is linear before a maximum over neighbours is
applied once per point, for max_j(a_i + b_j) = a_i + max_j b_j; batch norm, which the
papers have before that maximum, is after it.
"""
import torch
from torch import nn
from torch.nn import functional


def largest(b, near):
    """Returns the largest of the rows of b [clouds, points, width] that near [clouds, centres, k] names, column by column.

    embedding_bag keeps no copy of the rows, and is the fastest of what PyTorch has for this.
    """
    clouds, n, width = b.shape
    rows = near + torch.arange(0, clouds * n, n, dtype=near.dtype).view(-1, 1, 1)
    return functional.embedding_bag(rows.flatten(0, 1), b.reshape(-1, width), mode="max").view(clouds, -1, width)


class Norm(nn.Module):
    """Batch norm of all elements, and what follows it."""

    def __init__(self, width, slope=0.0):
        super().__init__()
        self.norm, self.slope = nn.BatchNorm1d(width), slope

    def forward(self, x):
        return functional.leaky_relu(self.norm(x.flatten(0, -2)).view(x.shape), self.slope)


def shared(*widths, slope=0.0):
    """A network that is applied to each element."""
    return nn.Sequential(*(layer for a, b in zip(widths, widths[1:]) for layer in (nn.Linear(a, b, bias=False), Norm(b, slope))))


class PointNet(nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.points = shared(width, 32, 32, 32, 64, 512)
        self.head = nn.Sequential(shared(512, 256, 128), nn.Dropout(0.3), nn.Linear(128, classes))

    def forward(self, x, near, far):
        return self.head(self.points(x).amax(1))


class Stage(nn.Module):
    """Groups around centres, which are the first points: relu(norm(max_j W [h_j, p_j - p_i])), with h_j = relu(norm(V x_j))."""

    def __init__(self, width, hidden, out):
        super().__init__()
        self.points = shared(width, hidden)
        self.near, self.place, self.norm = nn.Linear(hidden, out, bias=False), nn.Linear(3, out, bias=False), Norm(out)

    def forward(self, x, place, near):
        moved = self.place(place)
        return self.norm(largest(self.near(self.points(x)) + moved, near) - moved[:, : near.shape[1]])


class Groups(nn.Module):
    """Two stages of groups, then what is left of a cloud as one group."""

    def __init__(self, width, classes):
        super().__init__()
        self.first, self.second = Stage(width, 32, 64), Stage(64 + 3, 128, 256)
        self.whole = shared(256 + 3, 512)
        self.head = nn.Sequential(shared(512, 256), nn.Linear(256, classes))

    def forward(self, x, near, far):
        place = x[:, :, :3]
        x = self.first(x, place, near)
        place = place[:, : near.shape[1]]
        x = self.second(torch.cat([x, place], 2), place, far)
        return self.head(self.whole(torch.cat([x, place[:, : far.shape[1]]], 2)).amax(1))


class Edges(nn.Module):
    """Edge convolution over the 20 nearest by features: leaky(norm(max_j V x_i + W (x_j - x_i)))."""

    def __init__(self, width, out, nearest=20):
        super().__init__()
        self.here, self.there, self.norm, self.nearest = nn.Linear(width, out, bias=False), nn.Linear(width, out, bias=False), Norm(out, 0.2), nearest

    def forward(self, x):
        with torch.no_grad():
            near = torch.cdist(x, x).topk(self.nearest, largest=False, sorted=False).indices
        there = self.there(x)
        return self.norm(self.here(x) - there + largest(there, near))


class DGCNN(nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.edges = nn.ModuleList(Edges(a, b) for a, b in ((width, 32), (32, 32), (32, 64), (64, 128)))
        self.points = shared(256, 512, slope=0.2)
        self.head = nn.Sequential(
            shared(1024, 256, slope=0.2), nn.Dropout(0.5), shared(256, 128, slope=0.2), nn.Dropout(0.5), nn.Linear(128, classes))

    def forward(self, x, near, far):
        found = []
        for edges in self.edges:
            x = edges(x)
            found.append(x)
        x = self.points(torch.cat(found, 2))
        return self.head(torch.cat([x.amax(1), x.mean(1)], 1))


nets = {"pointnet": PointNet, "groups": Groups, "dgcnn": DGCNN}
