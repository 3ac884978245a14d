# The DCGAN presets in PyTorch, channels-last: the article's step, and generating. Usage: torch_dcgan.py <dcgan28|dcgan64>
# <batch> <threads> <train|generate> <seconds>; prints the milliseconds of every call as JSON.
import json
import sys
import time

import torch
from torch_gan import LATENT, Gan
from torch_nets import dcgan

net, batch, threads, what, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], float(sys.argv[5])
torch.set_num_threads(threads)
torch.manual_seed(1)
gan = Gan(batch, **dcgan(net))


def generate():
    with torch.no_grad():
        gan.generator(torch.randn(batch, LATENT))


if what == "generate":
    gan.generator.eval()
call = generate if what == "generate" else gan.step
for _ in range(2):
    call()
call_ms = []
end = time.perf_counter() + seconds
while time.perf_counter() < end or len(call_ms) < 3:
    start = time.perf_counter()
    call()
    call_ms.append(1000 * (time.perf_counter() - start))
print(json.dumps(call_ms))
