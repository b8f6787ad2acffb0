#!/usr/bin/python3
"""Two autoencoders as a PyTorch user writes them, trained with Adam on shuffled minibatches.

vae   the variational one of PyTorch's examples: ReLU, Bernoulli outputs
deep  784-1000-500-250-30 and back: tanh, Bernoulli outputs

With --reps it trains so many epochs and prints one line of JSON, as the other peers do. Without, it trains one epoch for
every line of its input and answers with a line of JSON, so that two programs can take turns. The examples are raw
little-endian float32, as for the other peers.
"""

import argparse
import json
import os
import sys
import time

flags = argparse.ArgumentParser()
flags.add_argument("--task", choices=("vae", "deep"), default="vae")
flags.add_argument("--data", required=True, help="examples, raw float32")
flags.add_argument("--examples", type=int, default=60000)
flags.add_argument("--visible", type=int, default=784)
flags.add_argument("--hidden", type=int, default=400)
flags.add_argument("--latent", type=int, default=20)
flags.add_argument("--batch", type=int, default=128)
flags.add_argument("--rate", type=float, default=1e-3, help="learning rate")
flags.add_argument("--reps", type=int, default=0, help="epochs; 0 for one for every line of the input")
flags.add_argument("--iterations", type=int, help="taken from the other side, and not used")
flags.add_argument("--threads", type=int, default=2)
a = flags.parse_args()
for name in ("OMP", "OPENBLAS", "MKL", "BLIS"):
    os.environ[name + "_NUM_THREADS"] = str(a.threads)

import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

torch.set_num_threads(a.threads)
torch.manual_seed(1)
X = torch.from_numpy(np.fromfile(a.data, "<f4", a.examples * a.visible).reshape(a.examples, a.visible))


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(a.visible, a.hidden)
        self.mean = nn.Linear(a.hidden, a.latent)
        self.logvar = nn.Linear(a.hidden, a.latent)
        self.decoder = nn.Linear(a.latent, a.hidden)
        self.output = nn.Linear(a.hidden, a.visible)

    def forward(self, x):
        h = F.relu(self.encoder(x))
        mean, logvar = self.mean(h), self.logvar(h)
        z = mean + torch.randn_like(mean) * torch.exp(0.5 * logvar)
        return torch.sigmoid(self.output(F.relu(self.decoder(z)))), mean, logvar


class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = [a.visible, 1000, 500, 250, 30, 250, 500, 1000, a.visible]
        self.layers = nn.ModuleList(nn.Linear(n, m) for n, m in zip(sizes, sizes[1:]))
        for layer in self.layers:
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.tanh(layer(x))
        return torch.sigmoid(self.layers[-1](x))


def cost(x):
    if a.task == "deep":
        return F.binary_cross_entropy(model(x), x, reduction="sum") / len(x)
    y, mean, logvar = model(x)
    divergence = -0.5 * torch.sum(1 + logvar - mean.pow(2) - logvar.exp())
    return (F.binary_cross_entropy(y, x, reduction="sum") + divergence) / len(x)


def epoch():
    """The seconds of an epoch, and the mean cost of its minibatches."""
    begun = time.perf_counter()
    order, total = torch.randperm(len(X)), 0.0
    for i in range(0, len(X), a.batch):
        x = X[order[i : i + a.batch]]
        optimizer.zero_grad(set_to_none=True)
        c = cost(x)
        c.backward()
        optimizer.step()
        total += float(c.detach()) * len(x)
    return time.perf_counter() - begun, total / len(X)


model = VAE() if a.task == "vae" else Deep()
optimizer = torch.optim.Adam(model.parameters(), lr=a.rate)
told = dict(program="PyTorch", version=torch.__version__)
if a.reps:
    seconds = [epoch()[0] for _ in range(a.reps)]
    with torch.no_grad():
        print(json.dumps(dict(told, task=a.task, precision="float32", threads=a.threads, seconds=seconds, cost=float(cost(X)))))
else:
    for line in sys.stdin:
        took, mean = epoch()
        print(json.dumps(dict(told, seconds=took, cost=mean)), flush=True)
