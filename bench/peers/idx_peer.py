#!/usr/bin/python3
"""Reads the 60,000 training images of MNIST, gzip IDX, as a NumPy user does, in turns with ours.

usage: idx_peer.py IMAGES.gz IDX_TEST [ROUNDS]

IDX_TEST is the compiled benchmark: go test -c -o idx.test ./engine/dataset/idx, run with FILTERSCOPE_SHARED set.
The turns alternate, so that whatever else the machine does disturbs both; the ratio of the medians counts.
"""

import gzip
import re
import statistics
import subprocess
import sys
import time

import numpy as np

path, ours = sys.argv[1:3]
rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 9
times = {"numpy": [], "ours": []}
for _ in range(rounds):
    begun = time.perf_counter()
    with gzip.open(path) as f:
        images = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    times["numpy"].append(time.perf_counter() - begun)
    out = subprocess.run([ours, "-test.run", "xxx", "-test.bench", "ReadMNIST", "-test.benchtime", "1x"], capture_output=True, text=True, check=True)
    times["ours"].append(float(re.search(r"([0-9.]+) ns/op", out.stdout)[1]) / 1e9)
medians = {name: statistics.median(t) for name, t in times.items()}
print(f"NumPy {medians['numpy']:.3f} s, ours {medians['ours']:.3f} s, ratio {medians['ours'] / medians['numpy']:.2f} ({images.shape}, {rounds} rounds)")
