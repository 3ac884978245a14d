# Makes keras-optimizers.json: updates by optimizers of Keras 3 with decay and clipping, for
# test/optimizers/keras.test.ts. Run: python make_keras_optimizers.py > keras-optimizers.json (needs tensorflow, keras 3).
import json

import keras
import numpy as np
import tensorflow as tf
from golden import tensors

random = np.random.default_rng(5)
optimizers = keras.optimizers
classes = {
    "adam": optimizers.Adam, "adamW": optimizers.AdamW, "nadam": optimizers.Nadam, "adagrad": optimizers.Adagrad,
    "rmsprop": optimizers.RMSprop, "sgd": optimizers.SGD,
}
# Names of options as this package has them, by those of Keras.
names = {
    "learning_rate": "learningRate", "beta_1": "beta1", "beta_2": "beta2", "weight_decay": "weightDecay",
    "clipnorm": "clipNorm", "clipvalue": "clipValue", "global_clipnorm": "globalClipNorm",
    "initial_accumulator_value": "initialAccumulatorValue",
}

# Two weights that move together, along gradients from large to so small that epsilon matters, some of them 0 throughout.
weights = [random.standard_normal((2, 3)).astype("float32"), random.standard_normal(3).astype("float32")]
scale = np.array([[1, 10, 1e-2], [1e-4, 1e-6, 0]], dtype="float32")
gradients = [
    [random.standard_normal((2, 3)).astype("float32") * scale, 0.1 * random.standard_normal(3).astype("float32")]
    for _ in range(6)
]

# Float32 holds it exactly: Keras brings decays to float32, and 1 - 0.999 would err by 1e-5 of itself.
slow = 1 - 2**-10


def case(name, **options):
    """The weights after every update."""
    optimizer = classes[name](**options)
    variables = [keras.Variable(weight) for weight in weights]
    after = []
    for step in gradients:
        optimizer.apply([tf.constant(gradient) for gradient in step], variables)
        after.append(tensors([variable.numpy() for variable in variables]))
    return {
        "optimizer": name, "options": {names.get(name, name): value for name, value in options.items()}, "after": after,
    }


print(json.dumps({
    "versions": {"keras": keras.__version__, "tensorflow": tf.__version__},
    "weights": tensors(weights),
    "gradients": [tensors(step) for step in gradients],
    "cases": [
        case("adamW"),
        case("adamW", learning_rate=0.05, weight_decay=0.5, beta_1=0.5, beta_2=slow),
        case("adam", learning_rate=0.05, amsgrad=True, beta_2=slow),
        case("adam", learning_rate=0.05, amsgrad=True, beta_1=0.5, beta_2=0.75, weight_decay=0.25),
        case("nadam"),
        case("nadam", learning_rate=0.05, beta_1=0.5, beta_2=0.75, epsilon=1e-3),
        case("nadam", learning_rate=0.05, clipvalue=0.5, beta_2=slow),
        case("adagrad"),
        case("adagrad", learning_rate=0.5, initial_accumulator_value=1.0, epsilon=1e-3, weight_decay=0.125),
        case("adam", learning_rate=0.05, weight_decay=0.25, clipnorm=1.0, beta_2=slow),
        case("sgd", learning_rate=0.1, clipnorm=1.0),
        case("sgd", learning_rate=0.1, clipvalue=0.25, momentum=0.9),
        case("sgd", learning_rate=0.1, global_clipnorm=0.5),
        case("sgd", learning_rate=0.1, momentum=0.9, nesterov=True, weight_decay=0.5),
        case("rmsprop", learning_rate=0.05, global_clipnorm=2.0, weight_decay=0.01),
    ],
}))
