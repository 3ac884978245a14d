# Makes keras-functional.json: what Keras 3 on TensorFlow makes of layers with several inputs, and of a functional model with
# several inputs and outputs, a shared layer, a way around a layer and a part that always infers, for
# test/layers/merge.test.ts and test/models/functional-keras.test.ts.
# Run: python make_keras_functional.py > keras-functional.json (needs tensorflow and keras 3).
import json

import keras
import numpy as np
import tensorflow as tf
from golden import tensor, tensors, with_rounding

random = np.random.default_rng(11)


def normal(*shape, scale=1.0):
    return (scale * random.standard_normal(shape)).astype("float32")


def merge(layer, *shapes, **options):
    """The layer on random inputs: y, and the gradients of sum(y · upstream)."""
    inputs = [normal(*shape) for shape in shapes]
    with tf.GradientTape() as tape:
        given = [tf.constant(x) for x in inputs]
        tape.watch(given)
        y = getattr(keras.layers, layer)(**options)(given)
        upstream = normal(*y.shape)
        total = tf.reduce_sum(y * upstream)
    gradients = tape.gradient(total, given)
    return {
        "layer": layer, "options": options, "inputs": tensors(inputs), "upstream": tensor(upstream),
        "y": tensor(y), "gradients": tensors(gradients),
    }


def merges():
    same, images = [[3, 4]] * 2, [[2, 3, 4, 5], [2, 3, 4, 5]]
    return [
        *[case for layer in ["Add", "Multiply", "Average", "Maximum"] for case in [
            merge(layer, *same),
            merge(layer, *same, [3, 4]),
            merge(layer, [2, 3, 4, 5], [2, 1, 1, 5]),
            merge(layer, [2, 5], [2, 3, 4, 5]),
        ]],
        merge("Concatenate", [3, 4], [3, 2], [3, 1]),
        merge("Concatenate", *images),
        merge("Concatenate", [2, 3, 4, 5], [2, 1, 4, 5], axis=1),
        merge("Concatenate", [2, 3, 4, 5], [2, 3, 2, 5], axis=-2),
    ]


# Names of figures as this package has them, by those of Keras.
figures = {
    "loss": "loss", "real_loss": "realLoss", "digit_loss": "digitLoss",
    "real_accuracy": "realAccuracy", "digit_accuracy": "digitAccuracy",
}


class InferringBatchNormalization(keras.layers.BatchNormalization):
    """What `training=False` at a place of a layer stands for; Keras 3.15 itself lets the model's own mode win."""

    def call(self, inputs, training=None, mask=None):
        return super().call(inputs, training=False, mask=mask)


def training():
    """Six updates by batches of 4 of 12 samples, then an evaluation and two epochs."""
    x = [normal(12, 6), normal(12, 6), normal(12, 2)]
    real = random.integers(0, 2, (12, 1)).astype("float32")
    digit = random.integers(0, 3, 12).astype("int32")
    shapes = {
        "shared": [(6, 4), (4,)],
        "hidden": [(10, 10), (10,)],
        "base": [(10, 5), (5,), (5,), (5,), (5,), (5,)],
        "norm": [(5,), (5,), (5,), (5,)],
        "real": [(5, 1), (1,)],
        "digit": [(5, 3), (3,)],
    }
    start = {name: [normal(*shape, scale=0.5) for shape in of] for name, of in shapes.items()}
    for name in ["base", "norm"]:
        start[name][-1] = np.abs(start[name][-1]) + 0.5

    def make():
        keras.utils.clear_session()
        left, right, extra = keras.Input([6], name="left"), keras.Input([6], name="right"), keras.Input([2], name="extra")
        shared = keras.layers.Dense(4, activation="tanh", name="shared")
        joined = keras.layers.Concatenate()([shared(left), shared(right), extra])
        hidden = keras.layers.Dense(10, activation="tanh", name="hidden")(joined)
        around = keras.layers.Add()([joined, hidden])
        base = keras.Sequential([keras.layers.Dense(5), InferringBatchNormalization(momentum=0.75)], name="base")
        features = base(around)
        norm = keras.layers.BatchNormalization(momentum=0.75, name="norm")(features)
        model = keras.Model([left, right, extra], [
            keras.layers.Dense(1, activation="sigmoid", name="real")(norm),
            keras.layers.Dense(3, activation="softmax", name="digit")(features),
        ])
        for name, weights in start.items():
            model.get_layer(name).set_weights(weights)
        model.compile(
            keras.optimizers.Adam(1 / 128, beta_1=0.5, beta_2=1 - 2**-10),
            ["binary_crossentropy", "sparse_categorical_crossentropy"],
            loss_weights=[1.0, 0.25], metrics=[["accuracy"], ["accuracy"]],
        )
        return model

    def play():
        model = make()
        logs = []
        for step in range(6):
            rows = [(4 * step + i) % 12 for i in range(4)]
            model.reset_metrics()
            logs.append(model.train_on_batch([part[rows] for part in x], [real[rows], digit[rows]], return_dict=True))
        model.reset_metrics()
        predictions = model.predict(x, verbose=0)
        evaluated = model.evaluate(x, [real, digit], verbose=0, return_dict=True)
        weights = [weight.ravel() for name in shapes for weight in model.get_layer(name).get_weights()]
        history = make().fit(x, [real, digit], batch_size=4, epochs=2, shuffle=False, verbose=0).history
        return {
            **{ours: [float(log[name]) for log in logs] for name, ours in figures.items()},
            "weights": np.concatenate(weights),
            "predictedReal": predictions[0], "predictedDigit": predictions[1],
            "evaluated": [float(evaluated[name]) for name in figures],
            "history": [[float(value) for value in history[name]] for name in figures],
        }

    return {
        "x": tensors(x), "real": tensor(real), "digit": tensor(digit),
        "weights": {name: tensors(weights) for name, weights in start.items()}, "after": with_rounding(play),
    }


print(json.dumps({
    "versions": {"keras": keras.__version__, "tensorflow": tf.__version__}, "merges": merges(), "training": training(),
}))
