# Makes autoencoders.json: what PyTorch makes of three updates of variational autoencoders and of a denoising autoencoder, in
# float64 and in float32, for test/autoencoders/pytorch.test.ts. Random numbers are those of the step itself.
# Run: python make_autoencoders.py > autoencoders.json (needs torch and numpy).
import json
import math

import numpy as np
import torch
import torch.nn.functional as F

from philox import Draws

SEED, STEPS, BATCH, CLASSES, LATENT, HIDDEN, IMAGE, LABEL_LENGTH = 5, 3, 4, 3, 2, 3, [2, 2, 1], 50
RATE = 2**-4

random = np.random.default_rng(4)


def plain(shape, scale=0.5):
    """Multiples of 1/64: float32 holds them, and few digits write them."""
    return np.round(64 * scale * random.standard_normal(shape)) / 64


def dense(inputs, outputs):
    return [plain([inputs, outputs]), plain([outputs])]


def starts(heads, conditional):
    """Weights in the package's order: of the encoder, then of the decoder."""
    pixels = int(np.prod(IMAGE))
    beside_image, beside_latents = (pixels, LABEL_LENGTH) if conditional else (0, 0)
    encoder = [*dense(pixels + beside_image, HIDDEN), *dense(HIDDEN, HIDDEN)]
    for _ in range(heads):
        encoder += dense(HIDDEN, LATENT)
    decoder = [*dense(LATENT + beside_latents, HIDDEN), *dense(HIDDEN, HIDDEN), *dense(HIDDEN, pixels)]
    if conditional:
        encoder.insert(0, plain([CLASSES, beside_image]))
        decoder.insert(0, plain([CLASSES, beside_latents]))
    return encoder + decoder


def layer(x, kernel_and_bias):
    kernel, bias = kernel_and_bias
    return x @ kernel + bias


def hidden(x, w):
    return torch.tanh(layer(torch.tanh(layer(x, w[0:2])), w[2:4]))


class Networks:
    def __init__(self, weights, heads, labels):
        first = 1 if labels is not None else 0
        end = first + 4 + 2 * heads
        self.encoder, self.decoder = weights[:end], weights[end:]
        self.first, self.heads, self.labels = first, heads, labels

    def encode(self, images):
        w = self.encoder[self.first:]
        if self.labels is not None:
            # One more channel: a pixel of the image, then one of the label.
            plane = self.encoder[0][self.labels].reshape(images.shape)
            images = torch.cat([images, plane], 3)
        features = hidden(images.flatten(1), w)
        return [layer(features, w[4 + 2 * head:6 + 2 * head]) for head in range(self.heads)]

    def logits(self, latents, repeats=1):
        w = self.decoder[self.first:]
        if self.labels is not None:
            latents = torch.cat([latents, self.decoder[0][self.labels].repeat_interleave(repeats, 0)], 1)
        return layer(hidden(latents, w), w[4:6])


def evidence(networks, images, draws, step, likelihood="bernoulli", variance=None, beta=1, warmupSteps=0, samples=1,
             binarize=False):
    """Figures of a batch: loss, reconstruction term and KL term."""
    if binarize:
        images = (images > torch.tensor(draws.uniform(images.shape), dtype=images.dtype)).to(images.dtype)
    mean, log_variance = networks.encode(images)
    posterior = torch.distributions.Normal(mean[:, None], (log_variance / 2).exp()[:, None])
    epsilon = torch.tensor(draws.normal([BATCH, samples, LATENT]), dtype=images.dtype)
    latents = posterior.loc + posterior.scale * epsilon
    logits = networks.logits(latents.flatten(0, 1), samples).reshape(BATCH, samples, -1)
    pixels = images.flatten(1)[:, None].expand_as(logits)
    if likelihood == "bernoulli":
        log_likelihood = -F.binary_cross_entropy_with_logits(logits, pixels, reduction="none").sum(2)
    else:
        log_likelihood = torch.distributions.Normal(torch.sigmoid(logits), math.sqrt(variance)).log_prob(pixels).sum(2)
    prior = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    kl = torch.distributions.kl_divergence(torch.distributions.Normal(mean, posterior.scale[:, 0]), prior).sum(1)
    counts = beta * min(1, step / warmupSteps) if warmupSteps > 0 else beta
    reconstruction = -log_likelihood.mean(1)
    if samples == 1:
        loss = reconstruction + counts * kl
    else:
        standard = torch.distributions.Normal(torch.zeros_like(latents), torch.ones_like(latents))
        log_ratio = (standard.log_prob(latents) - posterior.log_prob(latents)).sum(2)
        loss = -(torch.logsumexp(log_likelihood + counts * log_ratio, 1) - math.log(samples))
    return {"loss": loss.mean(), "reconstruction": reconstruction.mean(), "kl": kl.mean()}


def denoising(networks, images, draws, step, loss="binaryCrossentropy", noise=None):
    shown = images
    if noise is not None and noise["name"] == "gaussian":
        shown = images + noise["stddev"] * torch.tensor(draws.normal(images.shape), dtype=images.dtype)
    elif noise is not None:
        shown = images * torch.tensor(draws.uniform(images.shape) > noise["rate"], dtype=images.dtype)
    [code] = networks.encode(shown)
    logits, pixels = networks.logits(code), images.flatten(1)
    if loss == "binaryCrossentropy":
        return {"loss": F.binary_cross_entropy_with_logits(logits, pixels)}
    return {"loss": F.mse_loss(torch.sigmoid(logits), pixels)}


CASES = [
    {"kind": "vae", "options": {}},
    {"kind": "vae", "options": {"beta": 0.5}},
    {"kind": "vae", "options": {"binarize": True}},
    {"kind": "vae", "options": {"likelihood": "gaussian", "variance": 0.25}},
    {"kind": "vae", "options": {"beta": 2, "warmupSteps": 2}},
    {"kind": "vae", "options": {"samples": 3}},
    {"kind": "vae", "options": {"samples": 3, "beta": 0.5, "binarize": True}},
    {"kind": "vae", "options": {"samples": 2, "likelihood": "gaussian", "variance": 0.5}},
    {"kind": "vae", "options": {"classes": CLASSES}},
    {"kind": "vae", "options": {"classes": CLASSES, "samples": 2}},
    {"kind": "autoencoder", "options": {}},
    {"kind": "autoencoder", "options": {"loss": "meanSquaredError"}},
    {"kind": "autoencoder", "options": {"noise": {"name": "gaussian", "stddev": 0.5}}},
    {"kind": "autoencoder", "options": {"noise": {"name": "masking", "rate": 0.25}}},
]
STARTS = {
    "autoencoder": starts(heads=1, conditional=False),
    "vae": starts(heads=2, conditional=False),
    "conditional vae": starts(heads=2, conditional=True),
}
IMAGES = random.integers(0, 65, [BATCH, *IMAGE]) / 64
LABELS = np.arange(BATCH) % CLASSES


def start_of(case):
    return "conditional vae" if "classes" in case["options"] else case["kind"]


def trainings(dtype):
    for case in CASES:
        options = {name: value for name, value in case["options"].items() if name != "classes"}
        labels = torch.tensor(LABELS) if "classes" in case["options"] else None
        weights = [torch.tensor(start, dtype=dtype, requires_grad=True) for start in STARTS[start_of(case)]]
        networks = Networks(weights, 2 if case["kind"] == "vae" else 1, labels)
        images = torch.tensor(IMAGES, dtype=dtype)
        compute = evidence if case["kind"] == "vae" else denoising
        steps = []
        for step in range(STEPS):
            figures = compute(networks, images, Draws(SEED, step), step, **options)
            slopes = torch.autograd.grad(figures["loss"], weights)
            with torch.no_grad():
                for weight, slope in zip(weights, slopes):
                    weight -= RATE * slope
            steps.append({
                "figures": {name: value.detach() for name, value in figures.items()},
                "weights": [weight.detach().clone() for weight in weights],
            })
        yield {"steps": steps}


def numbers(tree):
    """All numbers of nested results, one after the other."""
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, (list, tuple)):
        return np.concatenate([numbers(item) for item in tree]) if tree else np.zeros(0)
    return np.asarray(tree, "float64").ravel()


def written(tree):
    """Fourteen significant digits: what they leave out is small beside what the tests allow."""
    if isinstance(tree, dict):
        return {name: written(item) for name, item in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [written(item) for item in tree]
    array = [float(f"{x:.14g}") for x in numbers(tree)]
    return array[0] if tree.ndim == 0 else array


def tensor(array):
    return {"shape": list(array.shape), "data": array.ravel().tolist()}


print(json.dumps({
    "versions": {"torch": torch.__version__, "numpy": np.__version__},
    "seed": SEED, "learningRate": RATE, "latentDim": LATENT, "width": HIDDEN / 200,
    "images": tensor(IMAGES), "labels": LABELS.tolist(),
    "starts": {name: [tensor(weight) for weight in weights] for name, weights in STARTS.items()},
    # Answers in float64, and how far those in float32 are from them, at most.
    "trainings": [
        {**case, "start": start_of(case), **written(exact),
         "rounding": float(np.max(np.abs(numbers(single) - numbers(exact))))}
        for case, exact, single in zip(CASES, trainings(torch.float64), trainings(torch.float32), strict=True)
    ],
}, separators=(",", ":")))
