#!/usr/bin/python3
"""Loading and whitening as a user of NumPy and Pillow writes them.

idx    reads the 60,000 training images of MNIST, gzip IDX, in --mnist
png    decodes the images of the folder --data into arrays of red, green and blue, with Pillow
jpeg   the same
zca    fits ZCA whitening (epsilon 0.1) to patches, bytes, in --data, and applies it to them

The cost is the mean of the values, of zca the root of the sum of their squares.
"""

import argparse
import gzip
import os

flags = argparse.ArgumentParser()
flags.add_argument("--task", choices=("idx", "png", "jpeg", "zca"), required=True)
flags.add_argument("--mnist", help="folder of the MNIST files")
flags.add_argument("--data", help="folder of images, or file of patches")
flags.add_argument("--examples", type=int, default=100000, help="zca: patches")
flags.add_argument("--visible", type=int, default=192, help="zca: bytes of a patch")
flags.add_argument("--precision", choices=("uint8", "float32", "float64"), default="float64", help="zca: of all numbers")
flags.add_argument("--reps", type=int, default=5)
flags.add_argument("--threads", type=int, default=2)
a = flags.parse_args()
for name in ("OMP", "OPENBLAS", "MKL", "BLIS"):
    os.environ[name + "_NUM_THREADS"] = str(a.threads)  # before NumPy is loaded

import numpy as np  # noqa: E402

from common import seconds, tell  # noqa: E402

program, version = "NumPy", np.__version__
result = None


def idx():
    global result
    with gzip.open(os.path.join(a.mnist, "train-images-idx3-ubyte.gz")) as f:
        result = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 28, 28)


def images():
    global result
    result = np.stack([np.asarray(Image.open(os.path.join(a.data, name)).convert("RGB")) for name in sorted(os.listdir(a.data))])


def zca():
    global result
    x = patches.astype(a.precision)
    x /= 255
    x -= x.mean(axis=0)
    variances, u = np.linalg.eigh(x.T @ x / len(x))
    result = x @ ((u / np.sqrt(variances + 0.1).astype(x.dtype)) @ u.T)


if a.task == "idx":
    work = idx
elif a.task == "zca":
    patches = np.fromfile(a.data, np.uint8).reshape(-1, a.visible)[: a.examples]
    work = zca
else:
    import PIL
    from PIL import Image

    program, version = "Pillow", PIL.__version__
    work = images
times = seconds(a.reps, work)
cost = np.linalg.norm(result) if a.task == "zca" else result.mean()
tell(a, program, version, seconds=times, cost=float(cost))
