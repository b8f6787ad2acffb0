"""What the Python peers share: the flags, the files and the clock. The same files serve every program of a comparison:
raw little-endian float32 examples, and raw float64 initial parameters in the order W1 (h x v), b1 (h), W2 (v x h), b2 (v)."""

import argparse
import json
import os
import time


def arguments(*tasks):
    """The flags. Threads must be limited before NumPy is loaded, so this comes before any other import."""
    flags = argparse.ArgumentParser()
    flags.add_argument("--task", choices=tasks, default=tasks[0])
    flags.add_argument("--data", required=True, help="examples, raw float32")
    flags.add_argument("--start", required=True, help="initial parameters, raw float64")
    flags.add_argument("--visible", type=int, default=784)
    flags.add_argument("--hidden", type=int, default=196)
    flags.add_argument("--examples", type=int, default=10000)
    flags.add_argument("--lambda", dest="decay", type=float, default=3e-3, help="weight decay")
    flags.add_argument("--beta", type=float, default=3.0, help="weight of the sparsity term")
    flags.add_argument("--rho", type=float, default=0.1, help="wanted mean activation")
    flags.add_argument("--precision", choices=("float32", "float64"), default="float32")
    flags.add_argument("--reps", type=int, default=5)
    flags.add_argument("--iterations", type=int, default=400, help="of L-BFGS, or epochs")
    flags.add_argument("--memory", type=int, default=10, help="pairs that L-BFGS keeps")
    flags.add_argument("--rate", type=float, default=0.1, help="learning rate of SGD")
    flags.add_argument("--batch", type=int, default=100)
    flags.add_argument("--threads", type=int, default=2)
    a = flags.parse_args()
    for name in ("OMP", "OPENBLAS", "MKL", "BLIS"):
        os.environ[name + "_NUM_THREADS"] = str(a.threads)
    return a


def examples(a):
    """The examples, one a row, in the precision asked for."""
    import numpy as np

    x = np.fromfile(a.data, "<f4", a.examples * a.visible)
    return x.reshape(a.examples, a.visible).astype(a.precision, copy=False)


def start(a):
    """The initial parameters, flat, in float64."""
    import numpy as np

    return np.fromfile(a.start, "<f8", 2 * a.hidden * a.visible + a.hidden + a.visible)


def split(theta, v, h):
    """Views of the four tensors in a flat vector."""
    weights = h * v
    return (
        theta[:weights].reshape(h, v),
        theta[weights : weights + h],
        theta[weights + h : 2 * weights + h].reshape(v, h),
        theta[2 * weights + h :],
    )


def seconds(reps, work):
    """The seconds of each of reps calls, after one that does not count."""
    work()
    times = []
    for _ in range(reps):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return times


def tell(a, program, version, **results):
    """Print the one line of JSON."""
    print(json.dumps(dict(program=program, version=version, task=a.task, precision=a.precision, threads=a.threads, **results)))
