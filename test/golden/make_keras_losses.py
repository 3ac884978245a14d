# Makes keras-losses.json: losses of Keras 3 with options, each also weighted by samples, and their gradients, for
# test/losses/keras.test.ts. Run: python make_keras_losses.py > keras-losses.json (needs tensorflow and keras 3).
import json

import keras
import numpy as np
import tensorflow as tf
from golden import tensor

random = np.random.default_rng(3)

functions = {
    "binaryCrossentropy": keras.losses.BinaryCrossentropy,
    "categoricalCrossentropy": keras.losses.CategoricalCrossentropy,
    "sparseCategoricalCrossentropy": keras.losses.SparseCategoricalCrossentropy,
    "meanSquaredError": keras.losses.MeanSquaredError,
    "meanAbsoluteError": keras.losses.MeanAbsoluteError,
    "huber": keras.losses.Huber,
    "logCosh": keras.losses.LogCosh,
    "hinge": keras.losses.Hinge,
    "klDivergence": keras.losses.KLDivergence,
    "cosineSimilarity": keras.losses.CosineSimilarity,
    "poisson": keras.losses.Poisson,
}
names = {"from_logits": "fromLogits", "label_smoothing": "labelSmoothing"}


def numbers(rows):
    return np.array(rows, dtype="float32")


def case(loss, targets, predictions, **options):
    """The loss, its gradient, and both again with a weight for each sample."""
    function = functions[loss](**options)

    def evaluated(weights):
        variable = tf.Variable(predictions)
        with tf.GradientTape() as tape:
            value = function(tf.constant(targets), tf.convert_to_tensor(variable), sample_weight=weights)
        return {"value": tensor(value), "gradient": tensor(tape.gradient(value, variable))}

    weights = (3 * random.random(len(targets))).astype("float32")
    return {
        "loss": loss,
        "options": {names.get(name, name): value for name, value in options.items()},
        "targets": tensor(targets), "predictions": tensor(predictions), "weights": tensor(weights),
        "plain": evaluated(None), "weighted": evaluated(weights),
    }


x, y = random.standard_normal((2, 4, 3)).astype("float32")
# Equal to a target, at delta from it, and far away.
far = numbers([[0.5, 1.5, -0.5], [40, -40, 0], [2.5, 0.25, 1], [0, 90, -3]])
near = numbers([[0.5, 0.5, 0.5], [0, 0, 0.001], [0, 0, 0], [0, 0, 0]])
binary = numbers([[1, 0], [0, 1], [1, 0], [1, 1]])
signs = 2 * binary - 1
scores = numbers([[-1.5, 0.3], [-2, 4], [0.5, 0.25], [1, 0]])
logits = numbers([[-80, 0.3], [5, 80], [-0.5, 0], [2, -3]])
probabilities = numbers([[0.0, 0.3], [1.0, 0.999], [0.5, 0.01], [0.7, 0.25]])
distributions = numbers([[0, 1, 0], [1, 0, 0], [0.2, 0.3, 0.5], [0.25, 0.25, 0.5]])
predicted = numbers([[0.2, 0.5, 0.3], [0.9, 0.05, 0.05], [0.4, 0.2, 0.4], [0.0, 0.0, 1.0]])
class_logits = numbers([[90, -90, 0], [1, 2, 3], [-0.5, 0.5, 0], [2, 2, -1]])
labels = np.array([1, 0, 2, 1], dtype="int32")
counts = numbers([[0, 2, 1], [5, 0, 3], [1, 1, 0], [7, 0, 2]])
rates = numbers([[0.5, 1.5, 0.01], [4, 1e-3, 2], [1, 0.75, 0.2], [9, 0.3, 0]])
vectors = numbers([[3, 4, 0], [1, -2, 2], [1e-3, 0, 1e-3], [0, 0, 5]])

print(json.dumps({
    "versions": {"keras": keras.__version__, "tensorflow": tf.__version__},
    "cases": [
        case("meanSquaredError", x, y),
        case("meanAbsoluteError", x, y),
        case("huber", near, far),
        case("huber", x, y, delta=0.25),
        case("logCosh", near, far),
        case("hinge", signs, scores),
        case("hinge", binary, scores),
        case("hinge", numbers([[1, 0], [0, 0.5], [1, 0], [1, 1]]), scores),
        case("klDivergence", distributions, predicted),
        case("poisson", counts, rates),
        case("cosineSimilarity", vectors, x),
        case("binaryCrossentropy", binary, probabilities),
        case("binaryCrossentropy", binary, probabilities, label_smoothing=0.25),
        case("binaryCrossentropy", binary, logits, from_logits=True),
        case("binaryCrossentropy", binary, logits, from_logits=True, label_smoothing=0.1),
        case("categoricalCrossentropy", distributions, predicted),
        case("categoricalCrossentropy", distributions, predicted, label_smoothing=0.3),
        case("categoricalCrossentropy", distributions, class_logits, from_logits=True),
        case("categoricalCrossentropy", distributions, class_logits, from_logits=True, label_smoothing=0.1),
        case("sparseCategoricalCrossentropy", labels, predicted),
        case("sparseCategoricalCrossentropy", labels, class_logits, from_logits=True),
    ],
}))
