# Makes python.safetensors: the weights of a dense layer, as Python's safetensors writes them.
# Run: python make_safetensors.py (needs numpy and safetensors).
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

kernel = np.arange(1, 7, dtype="float32").reshape(2, 3) / 2
bias = -np.arange(1, 4, dtype="float32")
save_file({"dense/kernel": kernel, "dense/bias": bias}, Path(__file__).with_name("python.safetensors"))
