# Makes keras-regularizers.json: what regularizers and constraints of Keras 3 make of weights and outputs, and a training with
# them, for test/layers/regularizers.test.ts. Run: python make_keras_regularizers.py > keras-regularizers.json (needs
# tensorflow and keras 3).
import json

import keras
import numpy as np
import tensorflow as tf
from golden import tensor, tensors, with_rounding

random = np.random.default_rng(11)


def normal(*shape, scale=1.0):
    return (scale * random.standard_normal(shape)).astype("float32")


# Regularizers and constraints of Keras, by what this package's files keep of them.
def regularizer(name, **config):
    made = {"l1": keras.regularizers.L1, "l2": keras.regularizers.L2, "l1l2": keras.regularizers.L1L2}[name](**config)
    return {"name": name, "config": config}, made


def constraint(name, **config):
    classes = {"maxNorm": keras.constraints.MaxNorm, "unitNorm": keras.constraints.UnitNorm, "nonNeg": keras.constraints.NonNeg}
    names = {"maxValue": "max_value"}
    made = classes[name](**{names.get(option, option): value for option, value in config.items()})
    return {"name": name, "config": config}, made


def constrained(shape, name, **config):
    """A weight that was beyond its bounds, in them, and 0 in part; what the constraint makes of it."""
    saved, made = constraint(name, **config)
    weight = normal(*shape) * np.linspace(0, 3, shape[-1]).astype("float32")
    return {"constraint": saved, "weight": tensor(weight), "constrained": tensor(made(tf.constant(weight)))}


# Options of layers as this package has them.
names = {
    "kernel_size": "kernelSize", "input_dim": "inputDim", "output_dim": "outputDim",
    **{f"{weight}_regularizer": f"{weight}Regularizer" for weight in [
        "kernel", "bias", "activity", "depthwise", "pointwise", "beta", "gamma", "embeddings", "alpha",
    ]},
}


def penalized(layer, x, **options):
    """What a layer with random weights adds to the loss for them and for what it makes of x."""
    saved = {names.get(name, name): value[0] if isinstance(value, tuple) else value for name, value in options.items()}
    made = getattr(keras.layers, layer)(**{
        name: value[1] if isinstance(value, tuple) else value for name, value in options.items()
    })
    made.build(x.shape)
    weights = [np.abs(normal(*weight.shape)) + 0.5 for weight in made.weights]
    made.set_weights(weights)
    made(tf.constant(x))
    return {
        "layer": layer, "options": saved, "x": tensor(x), "weights": tensors(weights),
        "penalty": tensor(sum(made.losses)),
    }


some = {"kernel_regularizer": regularizer("l2", l2=0.5), "bias_regularizer": regularizer("l1", l1=0.25)}
active = {"activity_regularizer": regularizer("l1l2", l1=0.125, l2=0.0625)}
scaled = {"beta_regularizer": regularizer("l1", l1=0.5), "gamma_regularizer": regularizer("l1l2", l1=0.5, l2=0.25)}
images = normal(2, 4, 5, 3)
cases = [
    penalized("Dense", normal(3, 4), units=5, **some),
    penalized("Dense", normal(3, 2, 4), units=5, activation="tanh", **active),
    penalized("Dense", normal(3, 4), units=5, **some, **active),
    penalized("Conv2D", images, filters=2, kernel_size=3, **some, **active),
    penalized("Conv2DTranspose", images, filters=2, kernel_size=3, **some),
    penalized("Conv1D", normal(2, 6, 3), filters=4, kernel_size=2, **some),
    penalized("DepthwiseConv2D", images, kernel_size=2, depthwise_regularizer=regularizer("l2"), bias_regularizer=regularizer("l1")),
    penalized(
        "SeparableConv2D", images, filters=2, kernel_size=2, depthwise_regularizer=regularizer("l1", l1=0.5),
        pointwise_regularizer=regularizer("l2", l2=0.25), bias_regularizer=regularizer("l2"),
    ),
    penalized("BatchNormalization", normal(3, 4), **scaled),
    penalized("LayerNormalization", normal(3, 4), **scaled),
    penalized("GroupNormalization", images, groups=3, **scaled),
    penalized("Embedding", np.array([[1, 0], [4, 4]], "int32"), input_dim=5, output_dim=3, embeddings_regularizer=regularizer("l2", l2=0.5)),
    penalized("PReLU", normal(3, 4), alpha_regularizer=regularizer("l1", l1=0.5)),
    penalized("LeakyReLU", normal(3, 4), **active),
]


def training():
    """Three epochs over 10 samples by 4 in order, 4 to validate on, with regularizers and constraints of all kinds."""
    x, y = normal(14, 6), random.integers(0, 3, 14).astype("int32")
    start = [normal(6, 8), normal(8), normal(8, 5), normal(5, 3), normal(3)]
    regularizers, constraints = keras.regularizers, keras.constraints

    def play():
        keras.utils.clear_session()
        model = keras.Sequential([
            keras.layers.Input([6]),
            keras.layers.Dense(
                8, activation="tanh", kernel_regularizer=regularizers.L2(1 / 16), bias_regularizer=regularizers.L1(1 / 32),
                activity_regularizer=regularizers.L1L2(1 / 64, 1 / 128), kernel_constraint=constraints.MaxNorm(1.5),
            ),
            keras.layers.Dense(5, use_bias=False, kernel_constraint=constraints.UnitNorm(axis=1)),
            keras.layers.Dense(
                3, activation="softmax", kernel_regularizer=regularizers.L1L2(1 / 64, 1 / 32),
                kernel_constraint=constraints.NonNeg(), bias_constraint=constraints.MaxNorm(0.25),
            ),
        ])
        model.set_weights(start)
        model.compile(
            keras.optimizers.Adam(1 / 64, beta_1=0.875, beta_2=1 - 2**-10, weight_decay=1 / 16, global_clipnorm=0.5),
            "sparse_categorical_crossentropy", metrics=["accuracy"],
        )
        history = model.fit(
            x[:10], y[:10], batch_size=4, epochs=3, shuffle=False, validation_data=(x[10:], y[10:]), verbose=0,
        ).history
        return {
            "loss": history["loss"], "accuracy": history["accuracy"], "valLoss": history["val_loss"],
            "valAccuracy": history["val_accuracy"],
            "evaluated": [float(v) for v in model.evaluate(x, y, batch_size=5, verbose=0)],
            "weights": np.concatenate([weight.ravel() for weight in model.get_weights()]),
        }

    return {"x": tensor(x), "y": tensor(y), "weights": tensors(start), "after": with_rounding(play)}


print(json.dumps({
    "versions": {"keras": keras.__version__, "tensorflow": tf.__version__},
    "constraints": [
        constrained([3, 4], "maxNorm"),
        constrained([3, 4], "maxNorm", maxValue=0.5, axis=1),
        constrained([2, 2, 3, 4], "maxNorm", maxValue=1, axis=[0, 1, 2]),
        constrained([5], "maxNorm", maxValue=1),
        constrained([3, 4], "unitNorm"),
        constrained([2, 2, 3, 4], "unitNorm", axis=[0, 1]),
        constrained([3, 4], "nonNeg"),
    ],
    "layers": cases,
    "training": training(),
}))
