#!/usr/bin/python3
"""scikit-learn's MLPRegressor taught to return its input, with L-BFGS: the nearest thing it has. It is another, cheaper
objective (linear output, no sparsity term), so only its seconds an iteration mean something here, not its cost."""

import time
import warnings

from common import arguments, examples, tell

a = arguments("lbfgs")

import sklearn  # noqa: E402
from sklearn.neural_network import MLPRegressor  # noqa: E402

warnings.filterwarnings("ignore")
X = examples(a)
model = MLPRegressor((a.hidden,), activation="logistic", solver="lbfgs", alpha=a.decay, max_iter=a.iterations,
                     max_fun=10**9, tol=0, random_state=0)
begun = time.perf_counter()
model.fit(X, X)
took = time.perf_counter() - begun
tell(a, "scikit-learn", sklearn.__version__, seconds=[took / model.n_iter_], cost=float(model.loss_), iterations=int(model.n_iter_))
