# Makes keras-files/: models that Keras 3 saved, one as Keras 2 wrote it and one as Keras 1 did, and expected.json, what Keras 3
# computes with them, for test/interchange/keras/golden.test.ts. Run: python make_keras_files.py (needs tensorflow, keras 3, h5py).
import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import h5py
import keras
import numpy as np
from keras import layers
from golden import tensor

random = np.random.default_rng(3)
keras.utils.set_random_seed(3)
os.makedirs("keras-files", exist_ok=True)
expected = {}


def normal(*shape):
    return random.standard_normal(shape).astype("float32")


def randomize(model):
    """Weights of any sign, but for variances."""
    model.set_weights([np.abs(normal(*w.shape)) + 0.1 if "variance" in w.path else 0.5 * normal(*w.shape) for w in model.weights])


def record(name, model, *inputs):
    given = list(inputs) if len(inputs) > 1 else inputs[0]
    outputs = model(given, training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    expected[name] = {"inputs": [tensor(x) for x in inputs], "outputs": [tensor(y) for y in outputs]}


def stack():
    """With a stack within, one layer that is frozen, and an optimizer that has moved it."""
    model = keras.Sequential([
        layers.Input((6, 6, 1)),
        layers.Conv2D(2, 3, strides=2, padding="same", kernel_regularizer="l2", name="first"),
        layers.BatchNormalization(),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Dropout(0.3),
        layers.Flatten(),
        keras.Sequential([layers.Dense(4, activation="gelu"), layers.Dense(3, trainable=False)]),
        layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(keras.optimizers.Adam(0.01, beta_1=0.5), "binary_crossentropy", metrics=["accuracy"])
    randomize(model)
    model.train_on_batch(normal(4, 6, 6, 1), np.array([[0], [1], [0], [1]]))
    return model


def connected():
    """A layer in two places, a model within, an embedding, several outputs."""
    x, c = keras.Input((4,), name="x"), keras.Input((1,), dtype="int32", name="c")
    shared = layers.Dense(4, activation="tanh", name="shared")
    inner_input = keras.Input((4,))
    inner = keras.Model(inner_input, layers.Dense(4)(layers.Dense(3, activation="elu")(inner_input)), name="inner")
    h = shared(inner(shared(x)))
    e = layers.Flatten()(layers.Embedding(5, 4)(c))
    model = keras.Model([x, c], [layers.Add()([h, e]), layers.Dense(2)(layers.Concatenate()([h, e, x]))])
    randomize(model)
    return model


for name, make, inputs in [
    ("stack", stack, [normal(3, 6, 6, 1)]),
    ("connected", connected, [normal(3, 4), np.array([[0], [4], [2]], "int32")]),
]:
    model = make()
    for ending in ("keras", "h5"):
        model.save(f"keras-files/{name}.{ending}")
        record(f"{name}.{ending}", model, *inputs)

stack_model = keras.models.load_model("keras-files/stack.keras")
stack_model.save_weights("keras-files/stack.weights.h5")


def write_weights(group, named):
    """As Keras 1 and 2 have them: a group for each layer, which lists its weights."""
    group.attrs["layer_names"] = np.array([name.encode() for name, _ in named])
    for name, weights in named:
        of_layer = group.create_group(name)
        of_layer.attrs["weight_names"] = np.array([weight.encode() for weight, _ in weights])
        for weight, value in weights:
            of_layer[weight] = value


# As tf.keras 2.9 wrote it: `batch_input_shape` on an input, `alpha`, a list for `axis`, the moments of Adam one kind after the other.
twin = keras.Sequential([
    layers.Input((4, 4, 2)),
    layers.Conv2D(3, 2),
    layers.BatchNormalization(scale=False),
    layers.LeakyReLU(negative_slope=0.1),
    layers.Flatten(),
    layers.Dense(2),
])
randomize(twin)
conv, norm, _, _, dense = twin.layers
record("keras2.h5", twin, normal(3, 4, 4, 2))
x = expected["keras2.h5"]["inputs"][0]
ones = {"class_name": "Ones", "config": {}}
zeros = {"class_name": "Zeros", "config": {}}
scaling = {"class_name": "VarianceScaling", "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None}}
config = {
    "class_name": "Sequential",
    "config": {"name": "sequential_7", "layers": [
        {"class_name": "InputLayer", "config": {
            "batch_input_shape": [None, 4, 4, 2], "dtype": "float32", "sparse": False, "ragged": False, "name": "input_3"}},
        {"class_name": "Conv2D", "config": {
            "name": "conv2d_5", "trainable": True, "dtype": "float32", "filters": 3, "kernel_size": [2, 2],
            "strides": [1, 1], "padding": "valid", "data_format": "channels_last", "dilation_rate": [1, 1], "groups": 1,
            "activation": "linear", "use_bias": True, "kernel_initializer": scaling, "bias_initializer": zeros,
            "kernel_regularizer": None, "bias_regularizer": None, "activity_regularizer": None, "kernel_constraint": None,
            "bias_constraint": None}},
        {"class_name": "BatchNormalization", "config": {
            "name": "batch_normalization_9", "trainable": True, "dtype": "float32", "axis": [3], "momentum": 0.99,
            "epsilon": 0.001, "center": True, "scale": False, "beta_initializer": zeros, "gamma_initializer": ones,
            "moving_mean_initializer": zeros, "moving_variance_initializer": ones, "beta_regularizer": None,
            "gamma_regularizer": None, "beta_constraint": None, "gamma_constraint": None}},
        {"class_name": "LeakyReLU", "config": {"name": "leaky_re_lu", "trainable": True, "dtype": "float32", "alpha": 0.1}},
        {"class_name": "Flatten", "config": {
            "name": "flatten", "trainable": True, "dtype": "float32", "data_format": "channels_last"}},
        {"class_name": "Dense", "config": {
            "name": "dense_2", "trainable": True, "dtype": "float32", "units": 2, "activation": "linear", "use_bias": True,
            "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": 4, "dtype": "float32"}},
            "bias_initializer": zeros, "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.009999999776482582}},
            "bias_regularizer": None, "activity_regularizer": None, "kernel_constraint": None, "bias_constraint": None}},
    ]},
}
training = {
    "loss": "mse", "metrics": [[{"class_name": "MeanMetricWrapper", "config": {"name": "mae", "dtype": "float32", "fn": "mae"}}]],
    "weighted_metrics": None, "loss_weights": None,
    "optimizer_config": {"class_name": "Adam", "config": {
        "name": "Adam", "learning_rate": 0.003000000026077032, "decay": 0.0, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07,
        "amsgrad": False}},
}
with h5py.File("keras-files/keras2.h5", "w") as file:
    file.attrs.update({
        "keras_version": "2.9.0", "backend": "tensorflow", "model_config": json.dumps(config),
        "training_config": json.dumps(training)})
    write_weights(file.create_group("model_weights"), [
        ("input_3", []),
        ("conv2d_5", [("conv2d_5/kernel:0", conv.kernel.numpy()), ("conv2d_5/bias:0", conv.bias.numpy())]),
        ("batch_normalization_9", [
            ("batch_normalization_9/beta:0", norm.beta.numpy()),
            ("batch_normalization_9/moving_mean:0", norm.moving_mean.numpy()),
            ("batch_normalization_9/moving_variance:0", norm.moving_variance.numpy())]),
        ("leaky_re_lu", []), ("flatten", []),
        ("dense_2", [("dense_2/kernel:0", dense.kernel.numpy()), ("dense_2/bias:0", dense.bias.numpy())]),
    ])
    shapes = [w.shape for w in (conv.kernel, conv.bias, norm.beta, dense.kernel, dense.bias)]
    names = ["conv2d_5/kernel", "conv2d_5/bias", "batch_normalization_9/beta", "dense_2/kernel", "dense_2/bias"]
    moments = [(f"Adam/{name}/{kind}:0", np.full(shape, i + (10 if kind == "v" else 0), "float32"))
               for kind in ("m", "v") for i, (name, shape) in enumerate(zip(names, shapes))]
    state = file.create_group("optimizer_weights")
    state.attrs["weight_names"] = np.array([b"Adam/iter:0"] + [name.encode() for name, _ in moments])
    state["Adam/iter:0"] = np.int64(7)
    for name, value in moments:
        state[name] = value

# As Keras 1.2 wrote it: a list of layers, other names of classes and options.
config = {
    "class_name": "Sequential",
    "config": [
        {"class_name": "Convolution2D", "config": {
            "name": "convolution2d_1", "trainable": True, "batch_input_shape": [None, 4, 4, 2], "input_dtype": "float32",
            "nb_filter": 3, "nb_row": 2, "nb_col": 2, "init": "glorot_uniform", "activation": "linear",
            "border_mode": "valid", "subsample": [1, 1], "dim_ordering": "tf", "W_regularizer": None, "b_regularizer": None,
            "activity_regularizer": None, "W_constraint": None, "b_constraint": None, "bias": True}},
        {"class_name": "LeakyReLU", "config": {"name": "leakyrelu_1", "trainable": True, "alpha": 0.1}},
        {"class_name": "Dropout", "config": {"name": "dropout_1", "trainable": True, "p": 0.25}},
        {"class_name": "Flatten", "config": {"name": "flatten_1", "trainable": True}},
        {"class_name": "Dense", "config": {
            "name": "dense_1", "trainable": True, "output_dim": 2, "input_dim": None, "init": "normal", "activation": "tanh",
            "W_regularizer": None, "b_regularizer": None, "activity_regularizer": None, "W_constraint": None,
            "b_constraint": None, "bias": True}},
    ],
}
twin = keras.Sequential([
    layers.Input((4, 4, 2)), layers.Conv2D(3, 2), layers.LeakyReLU(negative_slope=0.1), layers.Flatten(),
    layers.Dense(2, activation="tanh")])
randomize(twin)
record("keras1.h5", twin, normal(3, 4, 4, 2))
with h5py.File("keras-files/keras1.h5", "w") as file:
    file.attrs.update({"keras_version": "1.2.2", "model_config": json.dumps(config)})
    write_weights(file.create_group("model_weights"), [
        ("convolution2d_1", [
            ("convolution2d_1_W:0", twin.layers[0].kernel.numpy()), ("convolution2d_1_b:0", twin.layers[0].bias.numpy())]),
        ("leakyrelu_1", []), ("dropout_1", []), ("flatten_1", []),
        ("dense_1", [("dense_1_W:0", twin.layers[3].kernel.numpy()), ("dense_1_b:0", twin.layers[3].bias.numpy())]),
    ])

with open("keras-files/expected.json", "w") as file:
    json.dump(expected, file)
    file.write("\n")
