# Evaluates models of cuda-gan with Keras. Usage: evaluate_keras.py FOLDER; FOLDER/cases.json lists names of NAME.keras and NAME.h5, whose
# inputs and targets are in NAME.npz, by the names of the inputs and as y0, y1, … Prints the figures by file, or an error; saves
# each model again as NAME.back.keras and NAME.back.h5.
import json
import sys

import keras
import numpy as np

folder = sys.argv[1]


def evaluate(name, ending):
    data = np.load(f"{folder}/{name}.npz")
    model = keras.models.load_model(f"{folder}/{name}.{ending}")
    targets = [data[key] for key in data.files if key != "x"]
    if not isinstance(model, keras.Sequential) and isinstance(model.output, dict):
        targets = dict(zip(json.load(open(f"{folder}/{name}.outputs.json")), targets))
    elif len(targets) == 1:
        targets = targets[0]
    figures = model.evaluate(data["x"], targets, verbose=0, return_dict=True)
    model.save(f"{folder}/{name}.back.{ending}")
    return {key: float(value) for key, value in figures.items()}


def attempt(name, ending):
    try:
        return evaluate(name, ending)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:2000]}


names = json.load(open(f"{folder}/cases.json"))
json.dump({f"{name}.{ending}": attempt(name, ending) for name in names for ending in ("keras", "h5")}, sys.stdout)
