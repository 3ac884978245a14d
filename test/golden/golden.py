# How the scripts beside this one write arrays.
import numpy as np


def tensor(array):
    """Nine significant digits tell every float32 apart."""
    array = np.asarray(array)
    whole = np.issubdtype(array.dtype, np.integer)
    return {
        "shape": list(array.shape),
        "data": [int(x) if whole else float(f"{x:.9g}") for x in array.ravel().tolist()],
    }


def tensors(arrays):
    return [tensor(array) for array in arrays]


def with_rounding(play):
    """What `play` answers in float64, and per figure how far its float32 is from that at most: Keras' own rounding."""
    import keras

    found = play()
    keras.config.set_floatx("float64")
    exact = play()
    keras.config.set_floatx("float32")
    return {
        name: {"exact": tensor(exact[name]), "rounding": float(f"{np.max(np.abs(np.subtract(found[name], exact[name]))):.3g}")}
        for name in found
    }
