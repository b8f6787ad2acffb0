#!/usr/bin/python3
"""UFLDL's sparse autoencoder as a PyTorch user writes it: forward, then autograd.

eval   times forward and backward over all examples
lbfgs  times torch.optim.LBFGS with the strong Wolfe line search for --iterations iterations
epoch  times epochs of SGD with momentum on shuffled minibatches; rho-hat is that of the minibatch
"""

import statistics
import time

from common import arguments, examples, seconds, split, start, tell

a = arguments("eval", "lbfgs", "epoch")

import torch  # noqa: E402

torch.set_num_threads(a.threads)
torch.manual_seed(1)
X = torch.from_numpy(examples(a))
kind = getattr(torch, a.precision)
W1, b1, W2, b2 = P = [torch.from_numpy(t.copy()).to(kind).requires_grad_() for t in split(start(a), a.visible, a.hidden)]
evaluations = 0


def cost(x):
    code = torch.sigmoid(torch.addmm(b1, x, W1.t()))
    out = torch.sigmoid(torch.addmm(b2, code, W2.t()))
    rho_hat = code.mean(0)
    divergence = a.rho * torch.log(a.rho / rho_hat) + (1 - a.rho) * torch.log((1 - a.rho) / (1 - rho_hat))
    return (0.5 / len(x) * (out - x).square().sum() + 0.5 * a.decay * (W1.square().sum() + W2.square().sum())
            + a.beta * divergence.sum())


def evaluate():
    global evaluations
    evaluations += 1
    for p in P:
        p.grad = None
    c = cost(X)
    c.backward()
    return c


def whole_cost():
    with torch.no_grad():
        return float(cost(X))


if a.task == "eval":
    times = seconds(a.reps, evaluate)
    norm = float(sum(p.grad.double().square().sum() for p in P)) ** 0.5
    tell(a, "PyTorch", torch.__version__, seconds=times, cost=whole_cost(), gradient=norm)
elif a.task == "lbfgs":
    optimizer = torch.optim.LBFGS(P, lr=1, max_iter=a.iterations, max_eval=10**9, history_size=a.memory,
                                  tolerance_grad=0, tolerance_change=0, line_search_fn="strong_wolfe")
    begun = time.perf_counter()
    optimizer.step(evaluate)
    took = time.perf_counter() - begun
    tell(a, "PyTorch", torch.__version__, seconds=[took], cost=whole_cost(), evaluations=evaluations,
         iterations=optimizer.state[P[0]]["n_iter"])
else:
    optimizer = torch.optim.SGD(P, lr=a.rate, momentum=0.9)
    times = []
    for _ in range(a.iterations):
        begun = time.perf_counter()
        order = torch.randperm(len(X))
        for i in range(0, len(X), a.batch):
            optimizer.zero_grad(set_to_none=True)
            cost(X[order[i : i + a.batch]]).backward()
            optimizer.step()
        times.append(time.perf_counter() - begun)
    tell(a, "PyTorch", torch.__version__, seconds=[statistics.fmean(times)], cost=whole_cost(), iterations=a.iterations)
