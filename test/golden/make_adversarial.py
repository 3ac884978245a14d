# Makes adversarial.json: what PyTorch makes of every objective, regularizer and conditioning, and three steps of training
# by each of them, in float64 and in float32, for test/gan/{objectives,regularizers,updates}.test.ts. Random numbers are
# those of the step itself.
# Run: python make_adversarial.py > adversarial.json (needs torch and numpy).
import json
import math
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F

from philox import Draws

SEED, STEPS, BATCH, ROWS, CLASSES, LATENT, IMAGE = 5, 3, 4, 6, 3, 2, [2, 2, 1]
# Without moments, so that weights show the size of gradients as well as their direction.
RATE = 2**-4

random = np.random.default_rng(2)


def plain(shape, scale=0.5):
    """Multiples of 1/64: float32 holds them, and few digits write them."""
    return np.round(64 * scale * random.standard_normal(shape)) / 64


# Objectives: (losses of the discriminator on real and on generated images, of the generator), from logits.


def entropy(logits, target):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def squared(logits, target):
    return F.mse_loss(logits, torch.full_like(logits, target))


def cross_entropy(generator):
    return lambda smoothing=0.0: (
        lambda real: entropy(real, 1 - smoothing), lambda fake: entropy(fake, 0.0), generator,
    )


SEPARATE = {
    "nonSaturating": cross_entropy(lambda fake: entropy(fake, 1.0)),
    "minimax": cross_entropy(lambda fake: -entropy(fake, 0.0)),
    "leastSquares": lambda smoothing=0.0: (
        lambda real: squared(real, 1 - smoothing), lambda fake: squared(fake, 0.0), lambda fake: squared(fake, 1.0),
    ),
    "hinge": lambda: (
        lambda real: F.relu(1 - real).mean(), lambda fake: F.relu(1 + fake).mean(), lambda fake: -fake.mean(),
    ),
    "wasserstein": lambda: (lambda real: -real.mean(), lambda fake: fake.mean(), lambda fake: -fake.mean()),
}


def relativistic_average(above, below):
    return entropy(above - below.mean(), 1.0) + entropy(below - above.mean(), 0.0)


# The loss of the one whose images are to look better than the other's: the discriminator's real ones, the generator's own.
PAIRED = {
    "relativisticPaired": lambda above, below: F.softplus(below - above).mean(),
    "relativisticAverage": relativistic_average,
}


def named(part):
    """Name and options of a part, which is its name or plain data."""
    if isinstance(part, str):
        return part, {}
    return part["name"], {option: value for option, value in part.items() if option != "name"}


def separate(objective):
    name, options = named(objective)
    return SEPARATE[name](*options.values())


def objectives(dtype):
    """Losses on given logits, and what gradients they have there."""
    real_logits, fake_logits = LOGITS

    def answer(loss_of, sides):
        logits = {side: torch.tensor(values, dtype=dtype, requires_grad=True) for side, values in sides.items()}
        loss = loss_of(*logits.values())
        return {"loss": loss, **dict(zip(sides, torch.autograd.grad(loss, list(logits.values()))))}

    for objective in OBJECTIVES:
        name, _ = named(objective)
        both = {"real": real_logits, "fake": fake_logits}
        if name in PAIRED:
            loss = PAIRED[name]
            yield {"discriminator": answer(loss, both), "generator": answer(lambda real, fake: loss(fake, real), both)}
        else:
            on_real, on_fake, generator = separate(objective)
            yield {
                "discriminator": answer(lambda real, fake: on_real(real) + on_fake(fake), both),
                "generator": answer(generator, {"fake": fake_logits}),
            }


# Regularizers: penalties on an update, in which images of one side or of both were seen: (images, logits).


def slope_of(logits, images):
    return torch.autograd.grad(logits.sum(), images, create_graph=True)[0]


def squared_norms(slope):
    return slope.flatten(1).square().sum(1)


def zero_centered(side):
    def penalty(seen, judge, draws, gamma=10):
        images, logits = seen[side]
        return gamma / 2 * squared_norms(slope_of(logits, images)).mean()

    return penalty


def gradient_penalty(seen, judge, draws, weight=10, target=1):
    (real, _), (fake, _) = seen["real"], seen["fake"]
    share = torch.tensor(draws.uniform([len(real), 1, 1, 1]), dtype=real.dtype)
    between = (share * real + (1 - share) * fake).detach().requires_grad_()
    # With the package's epsilon, which keeps the gradient of the norm finite where it is zero.
    norms = (squared_norms(slope_of(judge(between), between)) + 1e-12).sqrt()
    return weight * (norms - target).square().mean()


# Which images they need, and what they are then.
PENALTIES = {
    "r1": (["real"], zero_centered("real")),
    "r2": (["fake"], zero_centered("fake")),
    "gradientPenalty": (["real", "fake"], gradient_penalty),
}


def regularizers(dtype):
    """Penalties of a small discriminator on given images, and their gradients by its weights."""
    _, discriminator = NETWORKS["plain"]
    for regularizer in REGULARIZERS:
        name, options = named(regularizer)
        weights = [torch.tensor(weight, dtype=dtype, requires_grad=True) for weight in STARTS["plain"][1]]
        judge = lambda images: discriminator(weights, images, None, move=False)[0]
        images = {side: torch.tensor(PAIR[side], dtype=dtype, requires_grad=True) for side in PAIR}
        seen = {side: (images[side], judge(images[side])) for side in images}
        value = PENALTIES[name][1](seen, judge, Draws(SEED, 0), **options)
        yield {"value": value, "gradients": torch.autograd.grad(value, weights, materialize_grads=True)}


# Networks, as functions of their weights in the package's order. Kernels are [in, out], as in Keras.


def batch_norm(x, weights, training, move):
    """Keras' with momentum 0.8: the variance is that of the batch itself, in the moving one as well."""
    gamma, beta, moving_mean, moving_variance = weights
    mean, variance = (x.mean(0), x.var(0, unbiased=False)) if training else (moving_mean, moving_variance)
    if move:
        moving_mean.copy_(0.8 * moving_mean + 0.2 * mean.detach())
        moving_variance.copy_(0.8 * moving_variance + 0.2 * variance.detach())
    return (x - mean) / (variance + 1e-3).sqrt() * gamma + beta


def dense(x, kernel_and_bias):
    kernel, bias = kernel_and_bias
    return x @ kernel + bias


def small_generator(w, noise, labels, training, move):
    hidden = torch.tanh(batch_norm(dense(noise, w[0:2]), w[2:6], training, move))
    return torch.tanh(dense(hidden, w[6:8])).reshape(-1, *IMAGE)


def small_discriminator(w, images, labels, move):
    return dense(torch.tanh(dense(images.flatten(1), w[0:2])), w[2:4]), None


def normalized_discriminator(w, images, labels, move):
    return dense(torch.tanh(batch_norm(dense(images.flatten(1), w[0:2]), w[2:6], True, move)), w[6:8]), None


def mlp_generator(w, noise, labels, training, move):
    """The package's own, much narrower, with an embedding of the label beside the noise."""
    x = torch.cat([noise, w[0][labels]], 1)
    for i in (1, 7, 13):
        x = batch_norm(F.leaky_relu(dense(x, w[i:i + 2]), 0.2), w[i + 2:i + 6], training, move)
    return torch.tanh(dense(x, w[19:21])).reshape(-1, *IMAGE)


def features_of(x, w):
    for i in (0, 2):
        x = F.leaky_relu(dense(x, w[i:i + 2]), 0.2)
    return x


def concatenation_discriminator(w, images, labels, move):
    plane = w[0][labels].reshape(-1, *IMAGE)
    return dense(features_of(torch.cat([images, plane], 3).flatten(1), w[1:]), w[5:7]), None


def projection_discriminator(w, images, labels, move):
    features = features_of(images.flatten(1), w)
    return dense(features, w[4:6]) + (features * w[6][labels]).sum(1, keepdim=True), None


def classifying_discriminator(w, images, labels, move):
    features = features_of(images.flatten(1), w)
    return dense(features, w[4:6]), dense(features, w[6:8])


NETWORKS = {
    "plain": (small_generator, small_discriminator),
    "normalized": (small_generator, normalized_discriminator),
    "concatenation": (mlp_generator, concatenation_discriminator),
    "projection": (mlp_generator, projection_discriminator),
    "auxiliaryClassifier": (mlp_generator, classifying_discriminator),
}
CONDITIONINGS = ["concatenation", "projection", "auxiliaryClassifier"]


def dense_weights(inputs, units):
    return [plain([inputs, units]), plain([units])]


def norm_weights(units):
    """Gamma, beta, and moving statistics that are away from what they begin with."""
    return [plain([units]) + 1, plain([units]), plain([units]), np.abs(plain([units])) + 0.5]


PIXELS = math.prod(IMAGE)


def small_generator_weights():
    return dense_weights(LATENT, 3) + norm_weights(3) + dense_weights(3, PIXELS)


def mlp_generator_weights():
    widths = [LATENT + 50, 2, 3, 6]
    hidden = [dense_weights(a, b) + norm_weights(b) for a, b in zip(widths, widths[1:])]
    return [plain([CLASSES, 50], 0.25), *sum(hidden, []), *dense_weights(6, PIXELS)]


def features_weights(inputs):
    return dense_weights(inputs, 3) + dense_weights(3, 2)


STARTS = {
    "plain": (small_generator_weights(), dense_weights(PIXELS, 3) + dense_weights(3, 1)),
    "normalized": (small_generator_weights(), dense_weights(PIXELS, 3) + norm_weights(3) + dense_weights(3, 1)),
    "concatenation": (
        mlp_generator_weights(), [plain([CLASSES, PIXELS]), *features_weights(2 * PIXELS), *dense_weights(2, 1)],
    ),
    "projection": (
        mlp_generator_weights(), [*features_weights(PIXELS), *dense_weights(2, 1), plain([CLASSES, 2])],
    ),
    "auxiliaryClassifier": (
        mlp_generator_weights(), [*features_weights(PIXELS), *dense_weights(2, 1), *dense_weights(2, CLASSES)],
    ),
}
MOVING = {  # Which weights no gradient moves.
    small_generator: {4, 5}, normalized_discriminator: {4, 5}, mlp_generator: {5, 6, 11, 12, 17, 18},
}


# Schedules: the rate behind so many updates.


def cosine_decay(updates, initialLearningRate, decaySteps, warmupSteps=0, alpha=0):
    if updates < warmupSteps:
        return initialLearningRate * updates / warmupSteps
    done = min(1, (updates - warmupSteps) / decaySteps)
    return initialLearningRate * ((1 - alpha) * (1 + math.cos(math.pi * done)) / 2 + alpha)


class Network:
    """A network with its weights, and the optimizer that moves them."""

    def __init__(self, call, start, dtype, rate):
        self.call, self.rate, self.updates = call, rate, 0
        self.weights = [torch.tensor(weight, dtype=dtype) for weight in start]
        self.trained = [weight for i, weight in enumerate(self.weights) if i not in MOVING.get(call, ())]
        for weight in self.trained:
            weight.requires_grad_()
        self.optimizer = torch.optim.SGD(self.trained, RATE)

    def __call__(self, *inputs, **mode):
        return self.call(self.weights, *inputs, **mode)

    def descend(self, loss):
        if isinstance(self.rate, dict):
            self.optimizer.param_groups[0]["lr"] = cosine_decay(self.updates, **named(self.rate)[1])
        for weight, gradient in zip(self.trained, torch.autograd.grad(loss, self.trained, materialize_grads=True)):
            weight.grad = gradient
        self.optimizer.step()
        self.updates += 1


class Seen(NamedTuple):
    """Images, and what the discriminator says of them in an update of its own."""

    images: torch.Tensor
    logits: torch.Tensor
    class_logits: torch.Tensor | None


class Training:
    """Steps of the training that the options of a case ask for."""

    def __init__(self, networks, options, dtype):
        self.options, self.dtype = options, dtype
        rate = options.get("discriminatorOptimizer", {}).get("learningRate", RATE)
        self.generator = Network(NETWORKS[networks][0], STARTS[networks][0], dtype, RATE)
        self.discriminator = Network(NETWORKS[networks][1], STARTS[networks][1], dtype, rate)
        self.average = [weight.detach().clone() for weight in self.generator.weights] if "ema" in options else None
        self.objective = options.get("objective", "nonSaturating")
        self.paired = isinstance(self.objective, str) and self.objective in PAIRED
        self.conditional = networks in CONDITIONINGS
        self.class_weight = options.get("classWeight", 1)

    def step(self, number):
        self.number, self.draws, self.figures = number, Draws(SEED, number), {}
        for _ in range(self.options.get("discriminatorSteps", 1)):
            if self.options.get("updates") == "halves":
                self.train_on_halves()
            else:
                self.train_on_both()
        self.train_generator()
        if self.average is not None:
            self.move_average(**self.options["ema"])
        return self.figures

    def train_on_halves(self):
        real, labels = self.draw(BATCH // 2)
        fake = self.make(BATCH // 2, labels, training=False)
        on_real, on_fake, _ = separate(self.objective)
        seen_real = self.see(real, labels)
        real_loss = on_real(seen_real.logits)
        self.move_discriminator(real_loss, {"real": seen_real}, labels)
        seen_fake = self.see(fake, labels)
        fake_loss = on_fake(seen_fake.logits)
        self.move_discriminator(fake_loss, {"fake": seen_fake}, labels)
        self.report((real_loss + fake_loss) / 2, seen_real, seen_fake, labels)

    def train_on_both(self):
        real, labels = self.draw(BATCH)
        fake = self.make(BATCH, labels, training=True)
        seen_real, seen_fake = self.see(real, labels), self.see(fake, labels)
        if self.paired:
            loss = PAIRED[self.objective](seen_real.logits, seen_fake.logits)
        else:
            on_real, on_fake, _ = separate(self.objective)
            loss = on_real(seen_real.logits) + on_fake(seen_fake.logits)
        self.move_discriminator(loss, {"real": seen_real, "fake": seen_fake}, labels)
        self.report(loss, seen_real, seen_fake, labels)

    def train_generator(self):
        real, labels = self.draw(BATCH) if self.paired or self.conditional else (None, None)
        noise = self.noise(BATCH)
        fake = self.generator(noise, labels, training=True, move=True)
        logits, class_logits = self.judge(fake, labels, move=False)
        if self.paired:
            loss = PAIRED[self.objective](logits, self.judge(real, labels, move=False)[0])
        else:
            loss = separate(self.objective)[2](logits)
        self.figures["gLoss"] = loss.item()
        if class_logits is not None:
            class_loss = F.cross_entropy(class_logits, labels)
            self.figures["gClassLoss"] = class_loss.item()
            loss = loss + self.class_weight * class_loss
        self.generator.descend(loss)

    def move_discriminator(self, loss, seen, labels):
        parts = [named(regularizer) for regularizer in self.options.get("regularizers", [])]
        for name, options in parts:
            interval = options.pop("interval", 1)
            needs, penalty = PENALTIES.get(name, ([], None))
            if penalty is None or self.number % interval != 0 or not seen.keys() >= set(needs):
                continue
            images_and_logits = {side: (one.images, one.logits) for side, one in seen.items()}
            judge = lambda images: self.judge(images, labels, move=False)[0]
            added = penalty(images_and_logits, judge, self.draws, **options)
            self.figures[name] = added.item()
            loss = loss + interval * added
        for one in seen.values():
            if one.class_logits is not None:
                loss = loss + self.class_weight * F.cross_entropy(one.class_logits, labels)
        self.discriminator.descend(loss)
        for name, options in parts:
            if name == "weightClipping":
                for weight in self.discriminator.trained:
                    weight.data.clamp_(-options["limit"], options["limit"])

    def report(self, loss, real, fake, labels):
        if named(self.objective)[0] in ("wasserstein", *PAIRED):
            accuracy = (real.logits > fake.logits).double().mean()
        else:
            threshold = 0.5 if self.objective == "leastSquares" else 0
            accuracy = torch.cat([real.logits > threshold, fake.logits <= threshold]).double().mean()
        self.figures.update(dLoss=loss.item(), dAccuracy=accuracy.item())
        if real.class_logits is not None:
            told = (real.class_logits.argmax(1) == labels).double().mean()
            mean = sum(F.cross_entropy(one.class_logits, labels) for one in (real, fake)) / 2
            self.figures.update(dClassLoss=mean.item(), dClassAccuracy=told.item())

    def draw(self, count):
        rows = self.draws.integers([count], ROWS)
        images = torch.tensor(IMAGES[rows], dtype=self.dtype, requires_grad=True)
        return images, torch.tensor(LABELS[rows]) if self.conditional else None

    def noise(self, count):
        return torch.tensor(self.draws.normal([count, LATENT]), dtype=self.dtype)

    def make(self, count, labels, training):
        """Images for the discriminator's update, which moves nothing of the generator."""
        images = self.generator(self.noise(count), labels, training=training, move=False)
        return images.detach().requires_grad_()

    def see(self, images, labels):
        return Seen(images, *self.judge(images, labels, move=True))

    def judge(self, images, labels, move):
        for augmentation in self.options.get("augment", []):
            _, options = named(augmentation)
            deviation = options["stddev"] * max(0, 1 - self.number / options["decaySteps"])
            images = images + deviation * torch.tensor(self.draws.normal(images.shape), dtype=self.dtype)
        return self.discriminator(images, labels, move=move)

    @torch.no_grad()
    def move_average(self, halfLife, rampUp):
        """As StyleGAN2-ADA counts: in images, and a share of those so far at most."""
        half_life = min(halfLife, self.number * BATCH * rampUp)
        kept = 0.5 ** (BATCH / max(half_life, 1e-8))
        moving = MOVING[self.generator.call]
        for i, (mean, weight) in enumerate(zip(self.average, self.generator.weights)):
            mean.copy_(weight if i in moving else kept * mean + (1 - kept) * weight)


def trainings(dtype):
    for case in CASES:
        training = Training(case["networks"], case["options"], dtype)
        steps = []
        for number in range(STEPS):
            figures = training.step(number)
            step = {
                "figures": figures,
                "generator": [weight.detach().clone() for weight in training.generator.weights],
                "discriminator": [weight.detach().clone() for weight in training.discriminator.weights],
            }
            if training.average is not None:
                step["average"] = [weight.clone() for weight in training.average]
            steps.append(step)
        yield {"steps": steps}


# What is computed.

SMOOTHED = [{"name": name, "labelSmoothing": 0.125} for name in ["nonSaturating", "minimax", "leastSquares"]]
OBJECTIVES = [*SEPARATE, *PAIRED, *SMOOTHED]
REGULARIZERS = [
    {"name": "r1", "gamma": 3}, {"name": "r2", "gamma": 3}, {"name": "gradientPenalty"},
    {"name": "gradientPenalty", "weight": 2, "target": 0},
]
LOGITS = plain([2, 5, 1], 1.5)
PAIR = {"real": plain([4, *IMAGE], 0.7), "fake": plain([4, *IMAGE], 0.7)}
IMAGES = random.integers(-64, 65, [ROWS, *IMAGE]) / 64
LABELS = np.arange(ROWS) % CLASSES

CASES = []


def case(networks, **options):
    CASES.append({"networks": networks, "options": options})


for updates in ["halves", "joint"]:
    for objective in SEPARATE:
        case("plain", objective=objective, updates=updates)
    case("normalized", updates=updates)
    case("plain", regularizers=[{"name": "r1", "gamma": 2}, {"name": "r2", "gamma": 3}], updates=updates)
    case("plain", regularizers=[{"name": "r1", "gamma": 2, "interval": 2}], updates=updates)
    case("plain", augment=[{"name": "instanceNoise", "stddev": 0.5, "decaySteps": 2}],
         regularizers=[{"name": "r1", "gamma": 2}], updates=updates)
    case("plain", objective="wasserstein", regularizers=[{"name": "weightClipping", "limit": 0.25}],
         discriminatorSteps=2, updates=updates)
    case("concatenation", updates=updates)
    case("projection", updates=updates)
    case("auxiliaryClassifier", updates=updates, classWeight=0.5 if updates == "halves" else 1)
    case("plain", objective=SMOOTHED[0], updates=updates)
    case("plain", updates=updates, discriminatorOptimizer={
        "name": "sgd",
        "learningRate": {
            "name": "cosineDecay", "initialLearningRate": 0.5, "decaySteps": 4, "warmupSteps": 2, "alpha": 0.25,
        },
    })
for objective in PAIRED:
    case("plain", objective=objective, updates="joint")
case("plain", objective="wasserstein", regularizers=["gradientPenalty"], updates="joint", discriminatorSteps=2)
case("concatenation", objective="wasserstein", regularizers=[{"name": "gradientPenalty", "weight": 1}], updates="joint")
case("plain", ema={"halfLife": 3, "rampUp": 0.5}, updates="joint")


# How it is written.


def numbers(tree):
    """All numbers of nested results, one after the other."""
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, (list, tuple)):
        return np.concatenate([numbers(item) for item in tree]) if tree else np.zeros(0)
    return np.asarray(tree.detach() if torch.is_tensor(tree) else tree, "float64").ravel()


def written(tree):
    """Fourteen significant digits: what they leave out is small beside what the tests allow."""
    if isinstance(tree, dict):
        return {name: written(item) for name, item in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [written(item) for item in tree]
    if isinstance(tree, float):
        return float(f"{tree:.14g}")
    array = [float(f"{x:.14g}") for x in numbers(tree)]
    return array[0] if tree.ndim == 0 else array


def results(compute, described):
    """Answers in float64, and how far those in float32 are from them, at most."""
    return [
        {**given, **written(exact), "rounding": float(np.max(np.abs(numbers(single) - numbers(exact))))}
        for given, exact, single in zip(described, compute(torch.float64), compute(torch.float32), strict=True)
    ]


def tensor(array):
    return {"shape": list(array.shape), "data": array.ravel().tolist()}


print(json.dumps({
    "versions": {"torch": torch.__version__, "numpy": np.__version__},
    "seed": SEED, "batchSize": BATCH, "learningRate": RATE, "latentDim": LATENT, "classes": CLASSES,
    "images": tensor(IMAGES), "labels": LABELS.tolist(),
    "starts": {
        name: {"generator": [tensor(w) for w in generator], "discriminator": [tensor(w) for w in discriminator]}
        for name, (generator, discriminator) in STARTS.items()
    },
    "logits": {"real": tensor(LOGITS[0]), "fake": tensor(LOGITS[1])},
    "objectives": results(objectives, [{"objective": objective} for objective in OBJECTIVES]),
    "pair": {side: tensor(images) for side, images in PAIR.items()},
    "regularizers": results(regularizers, [{"regularizer": regularizer} for regularizer in REGULARIZERS]),
    "trainings": results(trainings, CASES),
}, separators=(",", ":")))
