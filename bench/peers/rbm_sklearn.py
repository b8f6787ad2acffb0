#!/usr/bin/python3
"""scikit-learn's BernoulliRBM: the seconds of each epoch of persistent contrastive divergence, K = 1, with as many chains
as examples in a minibatch. The examples are raw little-endian float32 in [0, 1]. The cost is the mean
pseudo-likelihood of the examples, rounded to 0 and 1, after the last epoch."""

import argparse
import json
import os
import time

flags = argparse.ArgumentParser()
flags.add_argument("--task", choices=("pcd",), default="pcd")
flags.add_argument("--data", required=True, help="examples, raw float32")
flags.add_argument("--visible", type=int, default=784)
flags.add_argument("--hidden", type=int, default=500)
flags.add_argument("--examples", type=int, default=10000)
flags.add_argument("--batch", type=int, default=10)
flags.add_argument("--rate", type=float, default=0.1, help="learning rate")
flags.add_argument("--precision", choices=("float32", "float64"), default="float32")
flags.add_argument("--reps", type=int, default=3, help="epochs")
flags.add_argument("--iterations", type=int, help="taken from the other side, and not used")
flags.add_argument("--threads", type=int, default=2)
a = flags.parse_args()
for name in ("OMP", "OPENBLAS", "MKL", "BLIS"):
    os.environ[name + "_NUM_THREADS"] = str(a.threads)  # before NumPy is loaded

import resource  # noqa: E402

import numpy as np  # noqa: E402
import sklearn  # noqa: E402
from sklearn.neural_network import BernoulliRBM  # noqa: E402

X = np.fromfile(a.data, "<f4", a.examples * a.visible).reshape(a.examples, a.visible).astype(a.precision, copy=False)
model = BernoulliRBM(a.hidden, learning_rate=a.rate, batch_size=a.batch, n_iter=1, random_state=0)
# fit starts anew with each call, and partial_fit checks its input with each minibatch: an epoch by _fit, which is what
# fit itself repeats, has neither.
model.fit(X[: a.batch])
random = np.random.RandomState(0)
seconds = []
for epoch in range(a.reps):
    begun = time.perf_counter()
    for first in range(0, a.examples - a.batch + 1, a.batch):
        model._fit(X[first : first + a.batch], random)
    seconds.append(time.perf_counter() - begun)
cost = float(np.mean(model.score_samples(np.round(X))))
print(json.dumps(dict(program="scikit-learn", version=sklearn.__version__, task=a.task, precision=a.precision, threads=a.threads,
                      seconds=seconds, cost=cost, peak_bytes=1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)))
