#!/usr/bin/python3
"""UFLDL's sparse autoencoder as a NumPy user writes it, on whole matrices; L-BFGS-B of SciPy.

eval   times cost and gradient at the initial parameters
lbfgs  times scipy.optimize.minimize for --iterations iterations, without any other stop rule
"""

import time

from common import arguments, examples, seconds, split, start, tell

a = arguments("eval", "lbfgs")

import numpy as np  # noqa: E402
import scipy  # noqa: E402
from scipy.optimize import minimize  # noqa: E402

X = examples(a)
m = len(X)
evaluations = 0


def sigmoid(z):
    """In place: nothing that is plain NumPy is faster."""
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    return np.reciprocal(z, out=z)


def evaluate(theta):
    """Cost and gradient at theta (float64), computed in the precision of X."""
    global evaluations
    evaluations += 1
    W1, b1, W2, b2 = split(theta.astype(X.dtype, copy=False), a.visible, a.hidden)

    code = sigmoid(X @ W1.T + b1)
    out = sigmoid(code @ W2.T + b2)
    rho_hat = code.mean(axis=0)
    error = out - X
    cost = 0.5 / m * float(np.vdot(error, error))
    cost += 0.5 * a.decay * float(np.vdot(W1, W1) + np.vdot(W2, W2))
    cost += a.beta * float(np.sum(a.rho * np.log(a.rho / rho_hat) + (1 - a.rho) * np.log((1 - a.rho) / (1 - rho_hat))))

    delta3 = error * out * (1 - out)
    delta2 = (delta3 @ W2 + a.beta * ((1 - a.rho) / (1 - rho_hat) - a.rho / rho_hat)) * code * (1 - code)

    gradient = np.empty(theta.size)
    G1, g1, G2, g2 = split(gradient, a.visible, a.hidden)
    G1[:] = delta2.T @ X / m + a.decay * W1
    g1[:] = delta2.mean(axis=0)
    G2[:] = delta3.T @ code / m + a.decay * W2
    g2[:] = delta3.mean(axis=0)
    return cost, gradient


theta = start(a)
if a.task == "eval":
    times = seconds(a.reps, lambda: evaluate(theta))
    cost, gradient = evaluate(theta)
    tell(a, "NumPy", np.__version__, seconds=times, cost=cost, gradient=float(np.linalg.norm(gradient)))
else:
    begun = time.perf_counter()
    limits = dict(maxiter=a.iterations, maxfun=10**9, maxcor=a.memory, ftol=0, gtol=0)
    found = minimize(evaluate, theta, jac=True, method="L-BFGS-B", options=limits)
    took = time.perf_counter() - begun
    tell(a, "SciPy", scipy.__version__, seconds=[took], cost=float(found.fun), iterations=int(found.nit),
         evaluations=evaluations, reason=str(found.message))
