# The article's step in Keras 3 on TensorFlow, by trainOnBatch as in the article's script. Usage: keras_step.py <batch>
# <threads> <steps>; prints the milliseconds of every step as JSON.
import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import tensorflow as tf

batch, threads, steps = map(int, sys.argv[1:4])
tf.config.threading.set_intra_op_parallelism_threads(threads)
keras.utils.set_random_seed(1)
dense = keras.layers.Dense


def leaky():
    return keras.layers.LeakyReLU(negative_slope=0.2)


def adam():
    return keras.optimizers.Adam(0.0002, beta_1=0.5)


generator = keras.Sequential([keras.layers.Input([100])])
for units in [256, 512, 1024]:
    for layer in [dense(units), leaky(), keras.layers.BatchNormalization(momentum=0.8)]:
        generator.add(layer)
generator.add(dense(784, activation="tanh"))
discriminator = keras.Sequential(
    [keras.layers.Input([784]), dense(512), leaky(), dense(256), leaky(), dense(1, activation="sigmoid")]
)
discriminator.compile(adam(), "binary_crossentropy", metrics=["accuracy"])
# A second view of the same weights, so that freezing it does not freeze the discriminator that trains.
frozen = keras.Sequential(discriminator.layers)
combined = keras.Sequential([generator, frozen])
combined.compile(adam(), "binary_crossentropy")
# The discriminator's step is traced while it is trainable, the combined one while it is not.
images = np.random.uniform(-1, 1, (2048, 784)).astype("float32")
half = batch // 2
ones, zeros, all_ones = np.ones((half, 1)), np.zeros((half, 1)), np.ones((batch, 1))


def step():
    noise = np.random.normal(0, 1, (half, 100)).astype("float32")
    fake = generator.predict_on_batch(noise)
    discriminator.train_on_batch(images[np.random.randint(0, 2048, half)], ones)
    discriminator.train_on_batch(fake, zeros)
    discriminator.trainable = False
    combined.train_on_batch(np.random.normal(0, 1, (batch, 100)).astype("float32"), all_ones)
    discriminator.trainable = True


for _ in range(3):
    step()
step_ms = []
for _ in range(steps):
    start = time.perf_counter()
    step()
    step_ms.append(1000 * (time.perf_counter() - start))
print(json.dumps(step_ms))
