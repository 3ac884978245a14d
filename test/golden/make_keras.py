# Makes keras.json: what Keras 3 on TensorFlow answers to small inputs, for the tests of layers, losses, metrics,
# optimizers, initializers and models. Run: python make_keras.py > keras.json (needs tensorflow and keras 3).
import json

import keras
import numpy as np
import tensorflow as tf
from golden import tensor, tensors, with_rounding

random = np.random.default_rng(1)


def normal(*shape, scale=1.0):
    return (scale * random.standard_normal(shape)).astype("float32")


def activations():
    x = np.array([[-30, -2.5, -1, -0.3, 0], [0.2, 0.9, 1.5, 4, 30]], dtype="float32")
    functions = {
        "linear": keras.activations.linear,
        "relu": keras.activations.relu,
        "leakyRelu": keras.activations.leaky_relu,
        "elu": keras.activations.elu,
        "tanh": keras.activations.tanh,
        "sigmoid": keras.activations.sigmoid,
        "softplus": keras.activations.softplus,
        "softmax": keras.activations.softmax,
    }
    layers = {
        "leakyReLU": keras.layers.LeakyReLU(),
        "leakyReLU 0.2": keras.layers.LeakyReLU(negative_slope=0.2),
        "reLU": keras.layers.ReLU(),
        "elu": keras.layers.ELU(),
        "elu 0.5": keras.layers.ELU(alpha=0.5),
        "softmax": keras.layers.Softmax(),
    }
    return {
        "x": tensor(x),
        "functions": {name: tensor(f(tf.constant(x))) for name, f in functions.items()},
        "layers": {name: tensor(layer(tf.constant(x))) for name, layer in layers.items()},
    }


def dense():
    cases = []
    for shape, use_bias, activation in [([4, 3], True, "tanh"), ([4, 3], False, "linear"), ([2, 3, 3], True, "relu")]:
        layer = keras.layers.Dense(2, use_bias=use_bias, activation=activation)
        layer.build([None, *shape[1:]])
        weights = [normal(*weight.shape) for weight in layer.weights]
        layer.set_weights(weights)
        x = normal(*shape)
        cases.append({
            "useBias": use_bias, "activation": activation, "x": tensor(x), "weights": tensors(weights),
            "y": tensor(layer(tf.constant(x))),
        })
    return cases


def batch_normalization():
    layer = keras.layers.BatchNormalization(momentum=0.8)
    layer.build([None, 3])
    weights = [normal(3), normal(3), normal(3), np.abs(normal(3)) + 0.5]
    layer.set_weights(weights)
    x = 2 * normal(5, 3) + 1
    inference = layer(tf.constant(x), training=False)
    layer.trainable = False
    frozen = layer(tf.constant(x), training=True)
    frozen_weights = layer.get_weights()
    layer.trainable = True
    training = layer(tf.constant(x), training=True)
    return {
        "x": tensor(x), "weights": tensors(weights), "inference": tensor(inference), "frozen": tensor(frozen),
        "frozenWeights": tensors(frozen_weights), "training": tensor(training), "trainedWeights": tensors(layer.get_weights()),
    }


def losses():
    # Probabilities of exactly 0 and 1 meet the clipping.
    binary_p = np.array([[0.0, 0.3], [1.0, 0.999], [0.5, 0.01], [0.7, 1.0]], dtype="float32")
    binary_t = np.array([[1, 0], [0, 1], [1, 0], [0.5, 1]], dtype="float32")
    class_p = np.array([[0.2, 0.5, 0.3], [0.0, 0.0, 1.0], [0.4, 0.4, 0.8]], dtype="float32")
    class_t = np.array([[0, 1, 0], [1, 0, 0], [0.2, 0.3, 0.5]], dtype="float32")
    labels = np.array([1, 0, 2], dtype="int32")
    binary_z = np.array([[-80, 0.3], [5, 80], [-0.5, 0], [2, -3]], dtype="float32")
    class_z = np.array([[90, -90, 0], [1, 2, 3], [-0.5, 0.5, 0]], dtype="float32")
    x, y = normal(4, 3), normal(4, 3)

    def case(loss, targets, predictions, logits_of=None):
        function = {
            "binaryCrossentropy": keras.losses.binary_crossentropy,
            "categoricalCrossentropy": keras.losses.categorical_crossentropy,
            "sparseCategoricalCrossentropy": keras.losses.sparse_categorical_crossentropy,
            "meanSquaredError": keras.losses.mean_squared_error,
            "meanAbsoluteError": keras.losses.mean_absolute_error,
        }[loss]
        variable = tf.Variable(predictions)
        with tf.GradientTape() as tape:
            options = {"from_logits": True} if logits_of else {}
            value = tf.reduce_mean(function(tf.constant(targets), tf.convert_to_tensor(variable), **options))
        return {
            "loss": loss, "logitsOf": logits_of, "targets": tensor(targets), "predictions": tensor(predictions),
            "value": tensor(value), "gradient": tensor(tape.gradient(value, variable)),
        }

    return [
        case("binaryCrossentropy", binary_t, binary_p),
        case("binaryCrossentropy", binary_t, binary_z, "sigmoid"),
        case("categoricalCrossentropy", class_t, class_p),
        case("categoricalCrossentropy", class_t, class_z, "softmax"),
        case("sparseCategoricalCrossentropy", labels, class_p),
        case("sparseCategoricalCrossentropy", labels, class_z, "softmax"),
        case("meanSquaredError", x, y),
        case("meanAbsoluteError", x, y),
    ]


def metrics():
    binary_p = np.array([[0.5], [0.51], [0.2], [0.9], [0.49]], dtype="float32")
    binary_t = np.array([[1], [1], [0], [0], [0]], dtype="float32")
    class_p = np.array([[0.1, 0.7, 0.2], [0.3, 0.3, 0.4], [0.4, 0.4, 0.2], [0.2, 0.5, 0.3]], dtype="float32")
    class_t = np.array([[0, 1, 0], [1, 0, 0], [1, 0, 0], [0, 0, 1]], dtype="float32")
    labels = np.array([1, 0, 0, 2], dtype="int32")

    def case(name, function, targets, predictions):
        value = np.mean(function(targets, predictions))
        return {"metric": name, "targets": tensor(targets), "predictions": tensor(predictions), "value": float(f"{value:.9g}")}

    return [
        case("binaryAccuracy", keras.metrics.binary_accuracy, binary_t, binary_p),
        case("categoricalAccuracy", keras.metrics.categorical_accuracy, class_t, class_p),
        case("sparseCategoricalAccuracy", keras.metrics.sparse_categorical_accuracy, labels, class_p),
        case("meanSquaredError", keras.metrics.mean_squared_error, class_t, class_p),
        case("meanAbsoluteError", keras.metrics.mean_absolute_error, class_t, class_p),
    ]


def optimizers():
    cases = [
        ("sgd", {}, keras.optimizers.SGD()),
        ("sgd", {"learningRate": 0.1, "momentum": 0.9}, keras.optimizers.SGD(0.1, momentum=0.9)),
        ("sgd", {"learningRate": 0.1, "momentum": 0.9, "nesterov": True}, keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True)),
        ("rmsprop", {}, keras.optimizers.RMSprop()),
        ("rmsprop", {"learningRate": 0.01, "rho": 0.7, "epsilon": 1e-3}, keras.optimizers.RMSprop(0.01, rho=0.7, epsilon=1e-3)),
        ("adam", {}, keras.optimizers.Adam()),
        ("adam", {"learningRate": 0.0002, "beta1": 0.5}, keras.optimizers.Adam(0.0002, beta_1=0.5)),
    ]
    weight = normal(2, 3)
    # From large to so small that epsilon matters.
    gradients = [normal(2, 3) * np.array([[1, 10, 1e-2], [1e-4, 1e-6, 0]], dtype="float32") for _ in range(5)]
    results = []
    for name, config, optimizer in cases:
        variable = keras.Variable(weight)
        after = []
        for gradient in gradients:
            optimizer.apply([tf.constant(gradient)], [variable])
            after.append(np.array(variable))
        results.append({"optimizer": name, "config": config, "after": tensors(after)})
    return {"weight": tensor(weight), "gradients": tensors(gradients), "cases": results}


def initializers():
    shape = (300, 200)
    wanted = {
        "glorotUniform": keras.initializers.GlorotUniform(seed=1),
        "glorotNormal": keras.initializers.GlorotNormal(seed=1),
        "heUniform": keras.initializers.HeUniform(seed=1),
        "heNormal": keras.initializers.HeNormal(seed=1),
        "randomNormal": keras.initializers.RandomNormal(seed=1),
        "randomUniform": keras.initializers.RandomUniform(seed=1),
        "truncatedNormal": keras.initializers.TruncatedNormal(seed=1),
        "orthogonal": keras.initializers.Orthogonal(seed=1),
    }
    samples = {name: np.array(initializer(shape)).astype("float64") for name, initializer in wanted.items()}
    return {
        "shape": list(shape),
        "samples": {
            name: {"mean": float(x.mean()), "stddev": float(x.std()), "largest": float(np.abs(x).max())}
            for name, x in samples.items()
        },
    }


def train_on_batch():
    """Ten updates of a classifier with batch normalisation, by batches of 4 of 12 samples.

    Rates and decays here and in fit are those that float32 holds exactly, as Keras brings them to float32 at times."""
    x, labels = normal(12, 6), random.integers(0, 3, 12).astype("int32")
    shapes = [(6, 8), (8,), (8,), (8,), (8,), (8,), (8, 3), (3,)]
    start = [normal(*shape, scale=0.5) for shape in shapes]
    start[5] = np.abs(start[5]) + 0.5

    def play():
        keras.utils.clear_session()
        model = keras.Sequential([
            keras.layers.Input([6]),
            keras.layers.Dense(8),
            keras.layers.LeakyReLU(negative_slope=0.2),
            keras.layers.BatchNormalization(momentum=0.8),
            keras.layers.Dense(3, activation="softmax"),
        ])
        model.set_weights(start)
        model.compile(keras.optimizers.Adam(1 / 128, beta_1=0.5, beta_2=1 - 2**-10), "sparse_categorical_crossentropy", metrics=["accuracy"])
        logs = []
        for step in range(10):
            rows = [(4 * step + i) % 12 for i in range(4)]
            model.reset_metrics()
            logs.append(model.train_on_batch(x[rows], labels[rows]))
        model.reset_metrics()
        return {
            "loss": [float(loss) for loss, _ in logs],
            "accuracy": [float(accuracy) for _, accuracy in logs],
            "weights": np.concatenate([weight.ravel() for weight in model.get_weights()]),
            "predictions": model.predict(x, verbose=0),
            "evaluated": [float(v) for v in model.evaluate(x, labels, verbose=0)],
        }

    return {
        "x": tensor(x), "labels": tensor(labels), "weights": tensors(start),
        "after": with_rounding(play),
    }


def fit():
    """Three epochs over 9 samples by 4, in order, the last batch smaller; 4 samples to validate on."""
    x = normal(13, 4)
    y = (x[:, :1] + x[:, 1:2] > 0).astype("float32")
    start = [normal(*shape) for shape in [(4, 5), (5,), (5, 1), (1,)]]

    def play():
        keras.utils.clear_session()
        model = keras.Sequential([
            keras.layers.Input([4]), keras.layers.Dense(5, activation="tanh"), keras.layers.Dense(1, activation="sigmoid"),
        ])
        model.set_weights(start)
        model.compile(keras.optimizers.SGD(1 / 8, momentum=0.875), "binary_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y, batch_size=4, epochs=3, shuffle=False, validation_split=0.25, verbose=0).history
        return {
            "loss": history["loss"], "accuracy": history["accuracy"], "valLoss": history["val_loss"],
            "valAccuracy": history["val_accuracy"],
            "weights": np.concatenate([weight.ravel() for weight in model.get_weights()]),
        }

    return {
        "x": tensor(x), "y": tensor(y), "weights": tensors(start),
        "after": with_rounding(play),
    }


def summary():
    """The article's networks."""
    dense, leaky = keras.layers.Dense, lambda: keras.layers.LeakyReLU(negative_slope=0.2)
    norm = lambda: keras.layers.BatchNormalization(momentum=0.8)
    models = {
        "generator": keras.Sequential([
            keras.layers.Input([100]), dense(256), leaky(), norm(), dense(512), leaky(), norm(), dense(1024), leaky(), norm(),
            dense(784, activation="tanh"), keras.layers.Reshape([28, 28, 1]),
        ]),
        "discriminator": keras.Sequential([
            keras.layers.Input([28, 28, 1]), keras.layers.Flatten(), dense(512), leaky(), dense(256), leaky(),
            dense(1, activation="sigmoid"),
        ]),
    }
    return {
        name: {
            "layers": [
                {
                    "type": layer.__class__.__name__,
                    "outputShape": list(layer.output.shape[1:]),
                    "params": layer.count_params(),
                }
                for layer in model.layers
            ],
            "total": model.count_params(),
            "trainable": sum(int(np.prod(weight.shape)) for weight in model.trainable_weights),
        }
        for name, model in models.items()
    }


print(json.dumps({
    "versions": {"keras": keras.__version__, "tensorflow": tf.__version__},
    "activations": activations(),
    "dense": dense(),
    "batchNormalization": batch_normalization(),
    "losses": losses(),
    "metrics": metrics(),
    "optimizers": optimizers(),
    "initializers": initializers(),
    "trainOnBatch": train_on_batch(),
    "fit": fit(),
    "summary": summary(),
}))
