# Makes gan-trajectory.json: ten steps of the article's training on a small GAN, computed by Keras 3 on TensorFlow in
# float32 and in float64, for test/gan/trajectory.test.ts.
# Run: python make_gan_trajectory.py > gan-trajectory.json (needs tensorflow and keras 3).
import json

import keras
import numpy as np
import tensorflow as tf

from philox import Draws

SEED, STEPS, BATCH, LATENT, ROWS = 5, 10, 8, 4, 12
IMAGE = [4, 4, 1]
# Numbers that float32 holds exactly: Keras takes the slope and the betas in float32 even when all else is float64.
LEARNING_RATE, BETA_1, BETA_2, SLOPE = 2**-7, 0.5, 1 - 2**-10, 0.25


random = np.random.default_rng(1)


def networks():
    dense, leaky = keras.layers.Dense, lambda: keras.layers.LeakyReLU(negative_slope=SLOPE)
    norm = lambda: keras.layers.BatchNormalization(momentum=0.8)
    generator = keras.Sequential([
        keras.layers.Input([LATENT]),
        dense(6), leaky(), norm(), dense(10), leaky(), norm(), dense(16, activation="tanh"), keras.layers.Reshape(IMAGE),
    ])
    discriminator = keras.Sequential([
        keras.layers.Input(IMAGE), keras.layers.Flatten(),
        dense(8), leaky(), dense(5), leaky(), dense(1, activation="sigmoid"),
    ])
    return generator, discriminator


def first_weights():
    """Away from what initializers give, the moving statistics included."""
    def weight(variable):
        values = 0.5 * random.standard_normal(variable.shape)
        return (np.abs(values) + 0.5 if variable.name == "moving_variance" else values).astype("float32")

    return [[weight(variable) for variable in model.weights] for model in networks()]


def play(images, start):
    """The article's step: the real half, the fake half, then the generator through the discriminator as it is then."""
    keras.utils.clear_session()  # Forgets the default dtype, which would outlive set_floatx.
    generator, discriminator = networks()
    generator.set_weights(start[0])
    discriminator.set_weights(start[1])
    loss_of = keras.losses.BinaryCrossentropy()
    d_adam = keras.optimizers.Adam(LEARNING_RATE, BETA_1, BETA_2)
    g_adam = keras.optimizers.Adam(LEARNING_RATE, BETA_1, BETA_2)
    floatx = keras.config.floatx()
    half = BATCH // 2

    def update(optimizer, variables, judge, target):
        with tf.GradientTape() as tape:
            answers = judge()
            targets = tf.fill(answers.shape, tf.constant(target, floatx))
            loss = loss_of(targets, answers)
        optimizer.apply(tape.gradient(loss, variables), variables)
        return float(loss), float(np.mean((answers.numpy() > 0.5) == target))

    assert all(weight.dtype == floatx for weight in generator.weights + discriminator.weights)
    d_losses, d_accuracies, g_losses = [], [], []
    for step in range(STEPS):
        draws = Draws(SEED, step)
        real = (images[draws.integers([half], ROWS)].astype(floatx) - 127.5) / 127.5
        fake = generator(draws.normal([half, LATENT]).astype(floatx), training=False)
        variables = discriminator.trainable_variables
        on_real = update(d_adam, variables, lambda: discriminator(real, training=True), 1)
        on_fake = update(d_adam, variables, lambda: discriminator(fake, training=True), 0)
        d_losses.append((on_real[0] + on_fake[0]) / 2)
        d_accuracies.append((on_real[1] + on_fake[1]) / 2)
        noise = draws.normal([BATCH, LATENT]).astype(floatx)
        judge = lambda: discriminator(generator(noise, training=True), training=False)
        g_losses.append(update(g_adam, generator.trainable_variables, judge, 1)[0])
    figures = {"dLoss": d_losses, "dAccuracy": d_accuracies, "gLoss": g_losses}
    return figures, {"generator": generator.get_weights(), "discriminator": discriminator.get_weights()}


def digits(array):
    """Seventeen significant digits tell every float64 apart."""
    return [float(f"{x:.17g}") for x in np.asarray(array, "float64").ravel()]


def rounding(single, exact):
    """How far Keras' own float32 is from its float64, at most."""
    return float(np.max(np.abs(np.subtract(single, exact))))


def tensor(array):
    return {"shape": list(array.shape), "data": digits(array)}


images = random.integers(0, 256, [ROWS, *IMAGE])
start = first_weights()
keras.config.set_floatx("float32")
single_figures, single_weights = play(images, start)
keras.config.set_floatx("float64")
figures, weights = play(images, start)
print(json.dumps({
    "versions": {"keras": keras.__version__, "tensorflow": tf.__version__},
    "seed": SEED, "steps": STEPS, "batchSize": BATCH, "adam": {"learningRate": LEARNING_RATE, "beta1": BETA_1, "beta2": BETA_2},
    "images": {"shape": list(images.shape), "data": images.ravel().tolist()},
    "figures": {
        name: {"exact": digits(values), "rounding": rounding(single_figures[name], values)}
        for name, values in figures.items()
    },
    "weights": {
        name: [
            {**tensor(first), "exact": digits(last), "rounding": rounding(single_last, last)}
            for first, last, single_last in zip(start[i], weights[name], single_weights[name])
        ]
        for i, name in enumerate(["generator", "discriminator"])
    },
}))
