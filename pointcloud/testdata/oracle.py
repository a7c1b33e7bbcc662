#!/usr/bin/env python3
"""Records what SciPy and Open3D make of clouds that oracle_test.go makes too.

  python3 oracle.py > oracle.json     (Debian: python3-scipy, python3-open3d)

Coordinates are whole numbers of a generator over powers of two, so that they are
the same, exactly, in float32 and float64 and in any language.
"""
import json

import numpy as np
import open3d as o3d
import scipy
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist, directed_hausdorff


def numbers(seed, n, bits):
    """n numbers of some bits: a linear congruential generator modulo 2^64."""
    x, out = seed, []
    for _ in range(n):
        x = (x * 6364136223846793005 + 1442695040888963407) % 2**64
        out.append(x >> (64 - bits))
    return np.array(out, dtype=np.int64)


def cube(seed, n):
    """n points of the unit cube."""
    return numbers(seed, 3 * n, 20).reshape(n, 3) / 2**20


def hill(seed, n):
    """n points of a curved surface over the unit square."""
    u, v = numbers(seed, 2 * n, 10).reshape(n, 2).T
    return np.stack([u / 2**10, v / 2**10, (u * u + 2 * v * (1024 - v) + u * v) / 2**22], axis=1)


def cloud(points):
    return o3d.geometry.PointCloud(o3d.utility.Vector3dVector(points))


def short(x, digits=9):
    return [float(f"%.{digits}g" % v) for v in np.ravel(x)]


def registered(source, target, estimation):
    criteria = o3d.pipelines.registration.ICPConvergenceCriteria(1e-12, 1e-12, 300)
    r = o3d.pipelines.registration.registration_icp(source, target, 0.125, np.eye(4), estimation, criteria)
    return {"transformation": short(r.transformation[:3]), "fitness": r.fitness, "rmse": r.inlier_rmse}


a, b = cube(1, 300), cube(2, 300)
tree = cKDTree(a)
cost = cdist(a, b)
rows, columns = linear_sum_assignment(cost)
forth, back = (np.asarray(x.compute_point_cloud_distance(y)) for x, y in ((cloud(a), cloud(b)), (cloud(b), cloud(a))))

target, source = cloud(hill(3, 500)), cloud(hill(4, 400) + np.array([1 / 64, -1 / 128, 1 / 64]))
target.estimate_normals(o3d.geometry.KDTreeSearchParamKNN(12))
plane, point = (
    registered(source, target, e)
    for e in (
        o3d.pipelines.registration.TransformationEstimationPointToPlane(),
        o3d.pipelines.registration.TransformationEstimationPointToPoint(),
    )
)

strewn = np.concatenate([hill(5, 400), cube(6, 40)])

print(
    json.dumps(
        {
            "made by": f"SciPy {scipy.__version__}, Open3D {o3d.__version__}",
            "nearest": tree.query(a, 8)[1].ravel().tolist(),
            "nearest of b": tree.query(b, 3)[1].ravel().tolist(),
            "within 1/8": tree.query_ball_point(a, 1 / 8, return_length=True).tolist(),
            "chamfer": [(forth**2).mean(), (back**2).mean()],
            "mean distances": [forth.mean(), back.mean()],
            "hausdorff": [directed_hausdorff(a, b)[0], directed_hausdorff(b, a)[0]],
            "earth mover": cost[rows, columns].mean(),
            "match": columns.tolist(),
            "normals": short(target.normals, 6),
            "to points": point,
            "to planes": plane,
            "inliers": cloud(strewn).remove_statistical_outlier(21, 1.0)[1],
            "inliers within 1/16": cloud(strewn).remove_radius_outlier(3, 1 / 16)[1],
        },
        separators=(",", ":"),
    )
)
