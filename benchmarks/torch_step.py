# The article's step in PyTorch. Usage: torch_step.py <eager|compiled> <batch> <threads> <steps>; prints the milliseconds
# of every step as JSON.
import json
import sys
import time

import torch
from torch import nn

mode, batch, threads, steps = sys.argv[1], *map(int, sys.argv[2:5])
torch.set_num_threads(threads)
torch.manual_seed(1)


class Generator(nn.Sequential):
    def __init__(self):
        layers = []
        for inputs, units in [(100, 256), (256, 512), (512, 1024)]:
            # Keras' momentum 0.8 is PyTorch's 0.2.
            layers += [nn.Linear(inputs, units), nn.LeakyReLU(0.2), nn.BatchNorm1d(units, eps=1e-3, momentum=0.2)]
        super().__init__(*layers, nn.Linear(1024, 784), nn.Tanh())


discriminator = nn.Sequential(
    nn.Linear(784, 512), nn.LeakyReLU(0.2), nn.Linear(512, 256), nn.LeakyReLU(0.2), nn.Linear(256, 1)
)
generator = Generator()
loss_of = nn.BCEWithLogitsLoss()
d_adam = torch.optim.Adam(discriminator.parameters(), 0.0002, betas=(0.5, 0.999), eps=1e-7)
g_adam = torch.optim.Adam(generator.parameters(), 0.0002, betas=(0.5, 0.999), eps=1e-7)
half = batch // 2
images = torch.rand(2048, 784) * 2 - 1
ones, zeros, all_ones = torch.ones(half, 1), torch.zeros(half, 1), torch.ones(batch, 1)


def d_loss(samples, targets):
    logits = discriminator(samples)
    return loss_of(logits, targets), ((logits > 0).float() == targets).float().mean()


def g_loss(noise):
    return loss_of(discriminator(generator(noise)), all_ones)


if mode == "compiled":
    d_loss, g_loss = torch.compile(d_loss), torch.compile(g_loss)


def step():
    real = images[torch.randint(0, 2048, (half,))]
    generator.eval()
    with torch.no_grad():
        fake = generator(torch.randn(half, 100))
    generator.train()
    for samples, targets in [(real, ones), (fake, zeros)]:
        d_adam.zero_grad()
        loss, _ = d_loss(samples, targets)
        loss.backward()
        d_adam.step()
    discriminator.requires_grad_(False)
    g_adam.zero_grad()
    g_loss(torch.randn(batch, 100)).backward()
    g_adam.step()
    discriminator.requires_grad_(True)


step_ms = []
for _ in range(10):
    step()
for _ in range(steps):
    start = time.perf_counter()
    step()
    step_ms.append(1000 * (time.perf_counter() - start))
print(json.dumps(step_ms))
