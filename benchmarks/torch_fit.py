# The models of benchmarks/fit.mjs in PyTorch: a training step as people write it, eager, data in memory. Usage: torch_fit.py
# <vae|vae5|vae-cnn|classifier-cnn> <batch> <threads> <seconds>; prints the milliseconds of every step as JSON.
import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

name, batch, threads, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
torch.set_num_threads(threads)
torch.manual_seed(1)
LATENT = 50


class Encoder(nn.Module):
    def __init__(self, body, features):
        super().__init__()
        self.body = body
        self.mean = nn.Linear(features, LATENT)
        self.log_variance = nn.Linear(features, LATENT)

    def forward(self, x):
        features = self.body(x)
        return self.mean(features), self.log_variance(features)


def mlp_coders():
    encoder = Encoder(nn.Sequential(nn.Flatten(), nn.Linear(784, 200), nn.Tanh(), nn.Linear(200, 200), nn.Tanh()), 200)
    decoder = nn.Sequential(nn.Linear(LATENT, 200), nn.Tanh(), nn.Linear(200, 200), nn.Tanh(), nn.Linear(200, 784))
    return encoder, decoder


def cnn_coders():
    encoder = nn.Sequential(
        nn.Conv2d(1, 32, 4, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 4, 2, 1), nn.ReLU(), nn.Flatten(),
        nn.Linear(7 * 7 * 64, 256), nn.ReLU(),
    )
    decoder = nn.Sequential(
        nn.Linear(LATENT, 256), nn.ReLU(), nn.Linear(256, 7 * 7 * 64), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
        nn.ConvTranspose2d(64, 32, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(32, 1, 4, 2, 1), nn.Flatten(),
    )
    return Encoder(encoder, 256), decoder


def vae_step(coders, samples):
    encoder, decoder = coders()
    parameters = [*encoder.parameters(), *decoder.parameters()]
    optimizer = torch.optim.Adam(parameters, eps=1e-7)
    images = torch.randint(0, 256, (8192, 1, 28, 28), dtype=torch.uint8)

    def loss_of(x):
        pixels = torch.bernoulli(x)
        mean, log_variance = encoder(pixels)
        n = len(pixels)
        epsilon = torch.randn(n, samples, LATENT)
        z = mean[:, None] + torch.exp(log_variance / 2)[:, None] * epsilon
        logits = decoder(z.view(n * samples, LATENT)).view(n, samples, 784)
        target = pixels.view(n, 1, 784).expand(n, samples, 784)
        log_likelihood = -F.binary_cross_entropy_with_logits(logits, target, reduction="none").sum(-1)
        if samples == 1:
            kl = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(-1)
            return (kl - log_likelihood[:, 0]).mean()
        log_ratio = 0.5 * (epsilon**2 - z**2 + log_variance[:, None]).sum(-1)
        return -(torch.logsumexp(log_likelihood + log_ratio, 1) - math.log(samples)).mean()

    def step():
        rows = torch.randint(0, len(images), (batch,))
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(images[rows].float() / 255)
        loss.backward()
        optimizer.step()
        loss.item()

    return step


def classifier_step():
    """The preset `cnn` of classifiers: two blocks of two convolutions, 16 and 32 channels."""

    def convolution(inputs, filters):
        return [nn.Conv2d(inputs, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters, eps=1e-3), nn.ReLU()]

    def block(inputs, filters):
        return [*convolution(inputs, filters), *convolution(filters, filters), nn.MaxPool2d(2)]

    model = nn.Sequential(
        *block(1, 16), *block(16, 32), nn.Flatten(), nn.Dropout(0.2), nn.Linear(7 * 7 * 32, 64), nn.ReLU(),
        nn.Dropout(0.2), nn.Linear(64, 10),
    ).to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), eps=1e-7)
    images = torch.randint(0, 256, (8192, 1, 28, 28), dtype=torch.uint8)
    labels = torch.randint(0, 10, (8192,))

    def step():
        rows = torch.randint(0, len(images), (batch,))
        x = (images[rows].float() / 255).contiguous(memory_format=torch.channels_last)
        # The same shift for a whole batch is what PyTorch can do cheaply.
        shift = [int(value) for value in torch.randint(-2, 3, (2,))]
        logits = model(torch.roll(x, shift, (2, 3)))
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(logits, labels[rows], label_smoothing=0.1)
        loss.backward()
        optimizer.step()
        (logits.argmax(1) == labels[rows]).float().mean().item()
        loss.item()

    return step


step = {
    "vae": lambda: vae_step(mlp_coders, 1),
    "vae5": lambda: vae_step(mlp_coders, 5),
    "vae-cnn": lambda: vae_step(cnn_coders, 1),
    "classifier-cnn": classifier_step,
}[name]()
for _ in range(5):
    step()
step_ms = []
end = time.perf_counter() + seconds
while time.perf_counter() < end or len(step_ms) < 5:
    start = time.perf_counter()
    step()
    step_ms.append(1000 * (time.perf_counter() - start))
print(json.dumps(step_ms))
