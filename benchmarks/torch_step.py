# The article's step in PyTorch. Usage: torch_step.py <eager|compiled> <batch> <threads> <steps>; prints the milliseconds
# of every step as JSON.
import json
import sys
import time

import torch
from torch_gan import Gan

mode, batch, threads, steps = sys.argv[1], *map(int, sys.argv[2:5])
torch.set_num_threads(threads)
torch.manual_seed(1)
gan = Gan(batch, compile=torch.compile) if mode == "compiled" else Gan(batch)

step_ms = []
for _ in range(10):
    gan.step()
for _ in range(steps):
    start = time.perf_counter()
    gan.step()
    step_ms.append(1000 * (time.perf_counter() - start))
print(json.dumps(step_ms))
