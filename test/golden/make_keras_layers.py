# Makes keras-layers.json: what layers of Keras 3 on TensorFlow make of small inputs, and their gradients, for
# test/layers/keras.test.ts. Run: python make_keras_layers.py > keras-layers.json (needs tensorflow and keras 3).
import json

import keras
import numpy as np
import tensorflow as tf
from golden import tensor

random = np.random.default_rng(7)
keras.utils.set_random_seed(7)  # where the power iteration begins


def normal(*shape):
    return random.standard_normal(shape).astype("float32")


# Names of options as this package has them, by those of Keras.
names = {
    "kernel_size": "kernelSize", "dilation_rate": "dilationRate", "output_padding": "outputPadding",
    "use_bias": "useBias", "depth_multiplier": "depthMultiplier", "pool_size": "poolSize", "shared_axes": "sharedAxes",
}


def case(layer, x_shape, **options):
    """The layer with random weights on a random x: y, and the gradients of sum(y · upstream)."""
    made = getattr(keras.layers, layer)(**options)
    x = normal(*x_shape)
    made.build(x.shape)
    made.set_weights([normal(*weight.shape) for weight in made.weights])
    weights = made.get_weights()
    with tf.GradientTape() as tape:
        given = tf.constant(x)
        tape.watch(given)
        y = made(given, training=False)
        upstream = normal(*y.shape)
        total = tf.reduce_sum(y * upstream)
    dx, *dweights = tape.gradient(total, [given, *[weight.value for weight in made.trainable_weights]])
    return {
        "layer": layer,
        "options": {names.get(name, name): value for name, value in options.items()},
        "x": tensor(x), "weights": [tensor(weight) for weight in weights], "upstream": tensor(upstream),
        "y": tensor(y), "dx": tensor(dx), "dweights": [tensor(gradient) for gradient in dweights],
    }


images = [1, 6, 5, 2]
cases = [
    case("Conv2D", images, filters=3, kernel_size=3),
    case("Conv2D", images, filters=3, kernel_size=[3, 2], padding="same", activation="tanh"),
    case("Conv2D", images, filters=5, kernel_size=5, strides=2, padding="same", use_bias=False),
    case("Conv2D", images, filters=2, kernel_size=4, strides=[2, 3], padding="same"),
    case("Conv2D", images, filters=2, kernel_size=[4, 3], strides=[3, 2]),
    case("Conv2D", images, filters=3, kernel_size=[3, 2], dilation_rate=2),
    case("Conv2D", images, filters=3, kernel_size=3, dilation_rate=[1, 3], padding="same"),
    case("Conv2D", images, filters=6, kernel_size=3, groups=2, padding="same"),
    case("Conv2DTranspose", [1, 3, 4, 2], filters=2, kernel_size=5, strides=2, padding="same"),
    case("Conv2DTranspose", [1, 3, 4, 2], filters=2, kernel_size=4, strides=2, padding="same", use_bias=False),
    case("Conv2DTranspose", [1, 3, 4, 2], filters=2, kernel_size=5, padding="same", activation="relu"),
    case("Conv2DTranspose", [1, 3, 4, 2], filters=2, kernel_size=3, strides=2),
    case("Conv2DTranspose", [1, 3, 4, 2], filters=2, kernel_size=2, strides=3),
    case("Conv2DTranspose", [1, 3, 4, 2], filters=2, kernel_size=[3, 5], strides=[2, 3]),
    case("Conv2DTranspose", [1, 3, 4, 2], filters=2, kernel_size=5, strides=2, padding="same", output_padding=1),
    case("Conv2DTranspose", [1, 3, 4, 2], filters=2, kernel_size=5, strides=2, padding="same", output_padding=0),
    case("Conv2DTranspose", [1, 3, 4, 2], filters=2, kernel_size=3, strides=2, output_padding=1),
    case("DepthwiseConv2D", images, kernel_size=3),
    case("DepthwiseConv2D", images, kernel_size=3, strides=2, padding="same", depth_multiplier=2),
    case("SeparableConv2D", images, filters=3, kernel_size=3, padding="same"),
    case("SeparableConv2D", images, filters=3, kernel_size=[2, 3], depth_multiplier=2, activation="elu"),
    case("Conv1D", [1, 9, 2], filters=3, kernel_size=3),
    case("Conv1D", [1, 9, 2], filters=4, kernel_size=4, strides=2, padding="same", groups=2),
    case("Conv1D", [1, 9, 2], filters=3, kernel_size=3, dilation_rate=2, padding="causal"),
    case("MaxPooling2D", images),
    case("MaxPooling2D", images, pool_size=3, strides=2, padding="same"),
    case("MaxPooling2D", images, pool_size=[2, 3], strides=1),
    case("AveragePooling2D", images, pool_size=2),
    case("AveragePooling2D", images, pool_size=3, strides=2, padding="same"),
    case("AveragePooling2D", images, pool_size=[3, 2], strides=[1, 2]),
    case("GlobalAveragePooling2D", images),
    case("GlobalMaxPooling2D", images),
    case("UpSampling2D", [1, 3, 4, 2]),
    case("UpSampling2D", [1, 3, 4, 2], size=[3, 1]),
    case("UpSampling2D", [1, 3, 4, 2], size=2, interpolation="bilinear"),
    case("UpSampling2D", [1, 3, 4, 2], size=[3, 4], interpolation="bilinear"),
    case("ZeroPadding2D", images),
    case("ZeroPadding2D", images, padding=[2, 1]),
    case("ZeroPadding2D", images, padding=[[1, 0], [2, 3]]),
    case("Cropping2D", images, cropping=1),
    case("Cropping2D", images, cropping=[2, 1]),
    case("Cropping2D", images, cropping=[[1, 0], [2, 1]]),
    case("Permute", [2, 3, 4, 5], dims=[3, 1, 2]),
    case("PReLU", [1, 3, 4, 2]),
    case("PReLU", [1, 3, 4, 2], shared_axes=[1, 2]),
    case("LayerNormalization", [2, 3, 4, 5]),
    case("LayerNormalization", [4, 6], epsilon=0.1, center=False),
    case("GroupNormalization", [2, 2, 3, 6], groups=3),
    case("GroupNormalization", [2, 2, 3, 6], groups=-1, scale=False),
    case("Activation", [3, 7], activation="gelu"),
    case("Activation", [3, 7], activation="silu"),
    case("Activation", [3, 7], activation="swish"),
    case("Activation", [3, 7], activation="softplus"),
    case("SpatialDropout2D", images, rate=0.5),
]


def embedding():
    """Numbers have no gradient: y, and that of the table."""
    made = keras.layers.Embedding(5, 3)
    x = random.integers(0, 5, [4, 2])
    made.build(x.shape)
    table = normal(5, 3)
    made.set_weights([table])
    with tf.GradientTape() as tape:
        y = made(tf.constant(x))
        upstream = normal(*y.shape)
        total = tf.reduce_sum(y * upstream)
    dtable = tf.convert_to_tensor(tape.gradient(total, made.trainable_weights[0].value))
    return {
        "x": tensor(x), "embeddings": tensor(table), "upstream": tensor(upstream), "y": tensor(y),
        "dembeddings": tensor(dtable),
    }


def spectral(layer, x_shape):
    """y in training mode, after enough iterations to have the largest singular value to the last bit."""
    made = keras.layers.SpectralNormalization(layer, power_iterations=200)
    x = normal(*x_shape)
    made.build(x.shape)
    layer.set_weights([normal(*weight.shape) for weight in layer.weights])
    weights = layer.get_weights()
    y = made(tf.constant(x), training=True)
    return {"x": tensor(x), "weights": [tensor(weight) for weight in weights], "y": tensor(y)}


print(json.dumps({
    "cases": cases,
    "embedding": embedding(),
    "spectralNormalization": {
        "dense": spectral(keras.layers.Dense(4), [3, 5]),
        "conv2d": spectral(keras.layers.Conv2D(4, 3, padding="same"), [1, 4, 5, 2]),
        "conv2dTranspose": spectral(keras.layers.Conv2DTranspose(3, 3, strides=2, padding="same"), [1, 3, 2, 4]),
    },
}))
