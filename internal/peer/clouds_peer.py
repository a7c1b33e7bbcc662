#!/usr/bin/env python3
"""Times Open3D and SciPy on what pointcloud's benchmarks of the same name do.

  taskset -c 0 python3 clouds_peer.py Neighbours/n=1000000

Prints a line of JSON: the name, the median seconds and the largest memory in MiB.
The times are those of one operation, of ICP those of one iteration. Points are
made before, and objects of Open3D are made of them, so that neither is counted.
Debian: python3-open3d, python3-scipy.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import json
import resource
import statistics
import sys
import time

import numpy as np
import open3d as o3d
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

rng = np.random.default_rng(1)


def cube(n):
    return rng.random((n, 3))


def cloud(points):
    return o3d.geometry.PointCloud(o3d.utility.Vector3dVector(points))


def neighbours(n):
    points = o3d.core.Tensor(cube(n).astype(np.float32))

    def run():
        search = o3d.core.nns.NearestNeighborSearch(points)
        search.knn_index()
        search.knn_search(points, 16)

    return run


def farthest(n, k):
    c = cloud(cube(n))
    return lambda: c.farthest_point_down_sample(k)


def voxel(n):
    c = cloud(cube(n))
    return lambda: c.voxel_down_sample(0.05)


def normals(n):
    c = cloud(cube(n))
    return lambda: c.estimate_normals(o3d.geometry.KDTreeSearchParamKNN(16))


def outliers(n):
    c = cloud(cube(n))
    return lambda: c.remove_statistical_outlier(21, 2.0)  # itself among them


def sample(n):
    """Of the sphere of 19,800 faces that is ball(100) in shapes_test.go."""
    size = 100
    i, j = np.meshgrid(np.arange(size + 1), np.arange(size), indexing="ij")
    a, b = np.pi * i / size, 2 * np.pi * j / size
    vertices = np.stack([np.sin(a) * np.cos(b), np.sin(a) * np.sin(b), np.cos(a)], axis=-1).reshape(-1, 3)
    at = lambda i, j: i * size + j % size
    faces = [[at(i, j), at(i + 1, j), at(i, j + 1)] for i in range(1, size) for j in range(size)]
    faces += [[at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)] for i in range(size - 1) for j in range(size)]
    mesh = o3d.geometry.TriangleMesh(o3d.utility.Vector3dVector(vertices), o3d.utility.Vector3iVector(np.array(faces)))
    return lambda: mesh.sample_points_uniformly(n)


def potato(n):
    """The surface of that name in icp_test.go."""
    v = rng.standard_normal((n, 3))
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    r = 1 + 0.3 * np.sin(3 * v[:, 0] + 1) + 0.2 * np.cos(4 * v[:, 1] * v[:, 2]) + 0.2 * v[:, 2]
    return r[:, None] * v * [1, 1.3, 0.7]


def icp(n, planes):
    """As many iterations in a row, from where the benchmark starts."""
    registration = o3d.pipelines.registration
    target, source = cloud(potato(n)), cloud(potato(n))
    target.estimate_normals(o3d.geometry.KDTreeSearchParamKNN(16))
    source.rotate(o3d.geometry.get_rotation_matrix_from_axis_angle(0.1 * np.array([1, -2, 0.5]) / np.sqrt(5.25)), center=(0, 0, 0))
    source.translate((0.05, -0.03, 0.02))
    kind = registration.TransformationEstimationPointToPlane if planes else registration.TransformationEstimationPointToPoint
    iterations = 5 if planes else 30
    # Changes are never below 0, so it never stops early.
    criteria = registration.ICPConvergenceCriteria(0, 0, iterations)

    def run():
        registration.registration_icp(source, target, 10, np.eye(4), kind(), criteria)

    run.operations = iterations
    return run


def chamfer(n):
    a, b = cube(n), cube(n)

    def run():
        forth, back = cKDTree(b).query(a)[0], cKDTree(a).query(b)[0]
        return (forth**2).mean() + (back**2).mean()

    return run


def mover(n):
    a, b = cube(n), cube(n)

    def run():
        cost = cdist(a, b)
        return cost[linear_sum_assignment(cost)].mean()

    return run


work = {
    "Neighbours/n=1000000": lambda: neighbours(1_000_000),
    "Farthest/n=100000/k=1024": lambda: farthest(100_000, 1024),
    "Voxel/n=100000": lambda: voxel(100_000),
    "Normals/n=100000": lambda: normals(100_000),
    "Outliers/n=100000": lambda: outliers(100_000),
    "Sample/n=1000000": lambda: sample(1_000_000),
    "ICP/n=10000/planes=false": lambda: icp(10_000, False),
    "ICP/n=10000/planes=true": lambda: icp(10_000, True),
    "Chamfer/n=2048": lambda: chamfer(2048),
    "EarthMover/n=2048": lambda: mover(2048),
}


def main(name):
    run = work[name]()
    seconds = []
    start = time.perf_counter()
    while len(seconds) < 1 or (len(seconds) < 100 and time.perf_counter() - start < 3):
        t = time.perf_counter()
        run()
        seconds.append((time.perf_counter() - t) / getattr(run, "operations", 1))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"name": name, "median_s": statistics.median(seconds), "peak_mib": memory}))


for name in sys.argv[1:]:
    main(name)
