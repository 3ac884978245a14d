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
