#!/usr/bin/python3
"""SciPy's RBFInterpolator on scattered points in the plane: fit, and evaluate on a square grid over [-1, 1]^2.

The points are raw little-endian float64, x y value for each. The cost is the root mean square of the values of the grid."""

import argparse
import json
import os
import time

flags = argparse.ArgumentParser()
flags.add_argument("--task", choices=("interpolate",), default="interpolate")
flags.add_argument("--data", required=True, help="points with their values, raw float64")
flags.add_argument("--kernel", default="thin_plate_spline")
flags.add_argument("--epsilon", type=float, default=None)
flags.add_argument("--smoothing", type=float, default=0.0)
flags.add_argument("--neighbours", type=int, default=0, help="0 for all points")
flags.add_argument("--examples", type=int, default=-1, help="points to use; all by default")
flags.add_argument("--side", type=int, default=200, help="queries along a side of the grid")
flags.add_argument("--reps", type=int, default=5)
flags.add_argument("--threads", type=int, default=2)
flags.add_argument("--out", help="write the values of the grid here, raw float64")
a = flags.parse_args()
for name in ("OMP", "OPENBLAS", "MKL", "BLIS"):
    os.environ[name + "_NUM_THREADS"] = str(a.threads)  # before NumPy is loaded

import resource  # noqa: E402

import numpy as np  # noqa: E402
import scipy  # noqa: E402
from scipy.interpolate import RBFInterpolator  # noqa: E402

data = np.fromfile(a.data, "<f8").reshape(-1, 3)[: a.examples if a.examples > 0 else None]
points, values = data[:, :2].copy(), data[:, 2].copy()
line = np.linspace(-1, 1, a.side)
queries = np.stack(np.meshgrid(line, line, indexing="ij"), -1).reshape(-1, 2)
fits, evaluations = [], []
for rep in range(a.reps + (a.neighbours == 0)):  # the first does not count, unless it takes seconds
    begun = time.perf_counter()
    f = RBFInterpolator(points, values, neighbors=a.neighbours or None, smoothing=a.smoothing, kernel=a.kernel, epsilon=a.epsilon)
    fitted = time.perf_counter()
    got = f(queries)
    done = time.perf_counter()
    fits.append(fitted - begun)
    evaluations.append(done - fitted)
if a.out:
    got.astype("<f8").tofile(a.out)
skip = int(a.neighbours == 0)
print(json.dumps(dict(program="SciPy", version=scipy.__version__, task=a.task, kernel=a.kernel, points=len(points), queries=len(queries),
                      threads=a.threads, fit=fits[skip:], evaluate=evaluations[skip:],
                      cost=float(np.sqrt(np.mean(got * got))), seconds=[f + e for f, e in zip(fits, evaluations)][skip:],
                      peak_bytes=1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)))
