# Goes on training with Keras. Usage: train_keras.py FOLDER; FOLDER/cases.json lists names of NAME.keras, models of cuda-gan after two
# updates on the batch x, y of FOLDER/batch.npz. Makes a third one and writes NAME.third.npz, the weights in their order, by number;
# then saves the model, after two updates of its own from there, as NAME.back.keras, and what a third makes of it as NAME.back.npz.
import json
import sys

import keras
import numpy as np

folder = sys.argv[1]
batch = np.load(f"{folder}/batch.npz")


def save_weights(model, path):
    np.savez(path, **{str(i): weight.numpy() for i, weight in enumerate(model.weights)})


def go_on(name):
    model = keras.models.load_model(f"{folder}/{name}.keras")
    model.train_on_batch(batch["x"], batch["y"])
    save_weights(model, f"{folder}/{name}.third.npz")
    model.train_on_batch(batch["x"], batch["y"])
    model.save(f"{folder}/{name}.back.keras")
    model.train_on_batch(batch["x"], batch["y"])
    save_weights(model, f"{folder}/{name}.back.npz")
    return int(model.optimizer.iterations)


json.dump({name: go_on(name) for name in json.load(open(f"{folder}/cases.json"))}, sys.stdout)
