# Makes keras-weights.json: trainings and evaluations by Keras 3 with weights of samples and classes, for
# test/models/weights.test.ts. Run: python make_keras_weights.py > keras-weights.json (needs tensorflow and keras 3).
import json

import keras
import numpy as np
import tensorflow as tf
from golden import tensor, tensors, with_rounding

random = np.random.default_rng(13)


def normal(*shape):
    return random.standard_normal(shape).astype("float32")


x = normal(14, 4)
labels = random.integers(0, 3, 14).astype("int32")
# Quarters, which float32 holds exactly.
weights = (random.integers(0, 9, 14) / 4).astype("float32")
targets = {
    "sparseCategoricalCrossentropy": labels,
    "categoricalCrossentropy": np.eye(3, dtype="float32")[labels],
    "binaryCrossentropy": (labels == 1).astype("float32")[:, None],
    "meanSquaredError": normal(14, 2),
}
names = {
    "sparseCategoricalCrossentropy": "sparse_categorical_crossentropy", "categoricalCrossentropy": "categorical_crossentropy",
    "binaryCrossentropy": "binary_crossentropy", "meanSquaredError": "mean_squared_error",
}
units = {"sparseCategoricalCrossentropy": 3, "categoricalCrossentropy": 3, "binaryCrossentropy": 1, "meanSquaredError": 2}
# A metric beside each, which weights do not count in.
metrics = {"meanSquaredError": "mean_absolute_error"}
activations = {
    "sparseCategoricalCrossentropy": "softmax", "categoricalCrossentropy": "softmax", "binaryCrossentropy": "sigmoid",
    "meanSquaredError": "linear",
}


def case(loss, sample_weight=None, class_weight=None):
    """Three epochs by 4 in order, of which the last 4 of 14 samples are validated on, then an evaluation of all."""
    start = [normal(4, units[loss]), normal(units[loss])]
    y = targets[loss]

    metric = metrics.get(loss, "accuracy")

    def on_batch(call):
        call.__self__.reset_metrics()
        return lambda *args, **options: [float(value) for value in call(*args, **options)]

    def play():
        keras.utils.clear_session()
        model = keras.Sequential([keras.layers.Input([4]), keras.layers.Dense(units[loss], activation=activations[loss])])
        model.set_weights(start)
        model.compile(keras.optimizers.SGD(1 / 8, momentum=0.875), names[loss], metrics=[metric])
        history = model.fit(
            x, y, batch_size=4, epochs=3, shuffle=False, validation_split=0.26, sample_weight=sample_weight,
            class_weight=class_weight, verbose=0,
        ).history
        return {
            "loss": history["loss"], "valLoss": history["val_loss"], "metric": history[metric],
            "weights": np.concatenate([weight.ravel() for weight in model.get_weights()]),
            "evaluated": model.evaluate(x, y, batch_size=5, sample_weight=weights, verbose=0),
            "trained": on_batch(model.train_on_batch)(x, y, sample_weight=sample_weight, class_weight=class_weight),
            "tested": on_batch(model.test_on_batch)(x, y, sample_weight=weights),
        }

    return {
        "loss": loss, "sampleWeight": sample_weight is not None, "classWeight": class_weight, "start": tensors(start),
        "y": tensor(y), "after": with_rounding(play),
    }


def two_outputs():
    """An evaluation of two outputs, each with weights of its own."""
    start = [normal(4, 2), normal(2), normal(4, 1), normal(1)]
    y = [normal(14, 2), normal(14, 1)]
    other = (random.integers(0, 9, 14) / 4).astype("float32")

    def play():
        keras.utils.clear_session()
        given = keras.layers.Input([4])
        outputs = [keras.layers.Dense(2, name="pair")(given), keras.layers.Dense(1, name="one")(given)]
        model = keras.Model(given, outputs)
        model.set_weights(start)
        model.compile("sgd", ["mean_squared_error", "mean_absolute_error"], loss_weights=[1, 0.5])
        # Batches of one size: Keras averages single losses without regard to it.
        return {"evaluated": model.evaluate(x, y, batch_size=7, sample_weight=[weights, other], verbose=0)}

    return {"start": tensors(start), "y": tensors(y), "other": tensor(other), "after": with_rounding(play)}


print(json.dumps({
    "versions": {"keras": keras.__version__, "tensorflow": tf.__version__},
    "x": tensor(x),
    "weights": tensor(weights),
    "cases": [
        case("sparseCategoricalCrossentropy", sample_weight=weights),
        case("sparseCategoricalCrossentropy", class_weight={0: 0.5, 2: 3}),
        case("categoricalCrossentropy", sample_weight=weights),
        case("categoricalCrossentropy", class_weight={0: 0.5, 1: 0, 2: 3}),
        case("binaryCrossentropy", class_weight={0: 0.25, 1: 2}),
        case("meanSquaredError", sample_weight=weights),
    ],
    "twoOutputs": two_outputs(),
}))
