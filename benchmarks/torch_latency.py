# The calls of latency-ours.mjs in PyTorch, eager. Usage: torch_latency.py <threads>; prints the milliseconds of every call,
# by name, as JSON.
import json
import sys
import time

import torch
from torch import nn
from torch_gan import LATENT, Generator

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)
model = nn.Sequential(nn.Linear(100, 128), nn.ReLU(), nn.Linear(128, 10))
adam = torch.optim.Adam(model.parameters())
loss_of = nn.CrossEntropyLoss()
generator = Generator().eval()
x, row, y = torch.rand(32, 100), torch.rand(1, 100), torch.arange(32) % 10


def predict(rows):
    with torch.no_grad():
        return torch.softmax(model(rows), 1).numpy()


def test():
    with torch.no_grad():
        return loss_of(model(x), y).item()


def train():
    adam.zero_grad()
    loss = loss_of(model(x), y)
    loss.backward()
    adam.step()
    return loss.item()


def generate():
    with torch.no_grad():
        return generator(torch.randn(1, LATENT)).numpy()


calls = {
    "predict 32": lambda: predict(x),
    "predict 1": lambda: predict(row),
    "testOnBatch 32": test,
    "trainOnBatch 32": train,
    "generate 1": generate,
}
times = {}
for name, call in calls.items():
    times[name] = []
    for i in range(700):
        start = time.perf_counter()
        call()
        if i >= 200:
            times[name].append(1000 * (time.perf_counter() - start))
print(json.dumps(times))
