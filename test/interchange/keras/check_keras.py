# Loads files of cuda-gan with Keras, computes, and saves them again. Usage: check_keras.py FOLDER; FOLDER/cases.json lists names
# of NAME.keras, NAME.h5 and NAME.weights.h5, with their inputs in NAME.inputs.npz and the expected outputs in NAME.outputs.npz. Prints by file the
# largest difference in units of 1 + |expected|, or an error; writes what Keras saves as NAME.back.keras and NAME.back.h5.
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../examples"))

import keras
import numpy as np
import keras_layers  # noqa: F401, registers layers

folder = sys.argv[1]


def check(name, ending):
    path = f"{folder}/{name}"
    inputs = np.load(f"{path}.inputs.npz")
    expected = np.load(f"{path}.outputs.npz")
    model = keras.models.load_model(f"{path}.{ending}")
    given = [inputs[key] for key in inputs.files]
    if isinstance(model.input, dict):
        given = dict(zip(inputs.files, given))
    elif len(given) == 1:
        given = given[0]
    found = model(given, training=False)
    if isinstance(found, dict):
        found = [found[key] for key in expected.files]
    elif not isinstance(found, (list, tuple)):
        found = [found]
    wanted = [expected[key] for key in expected.files]
    assert len(found) == len(wanted), f"{len(found)} outputs for {len(wanted)}"
    difference = 0.0
    for a, b in zip(found, wanted):
        a = np.asarray(a)
        assert a.shape == b.shape, f"{a.shape} for {b.shape}"
        difference = max(difference, float(np.max(np.abs(a - b) / (1 + np.abs(b)), initial=0)))
    if ending == "keras":
        weights = [weight.numpy() for weight in model.weights]
        model.set_weights([np.zeros_like(weight) for weight in weights])
        model.load_weights(f"{path}.weights.h5")
        for weight, wanted in zip(model.weights, weights):
            assert np.array_equal(weight.numpy(), wanted), f"{weight.path} is another one in NAME.weights.h5"
    model.save(f"{path}.back.{ending}")
    return {"difference": difference}


def attempt(name, ending):
    try:
        return check(name, ending)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:2000], "difference": 1e30}


names = json.load(open(f"{folder}/cases.json"))
results = {f"{name}.{ending}": attempt(name, ending) for name in names for ending in ("keras", "h5")}
json.dump(results, sys.stdout)
