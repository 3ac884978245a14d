# Makes keras-callbacks.json: what the callbacks of Keras 3 do when a figure takes given values, for
# test/callbacks/keras.test.ts. Run: python make_keras_callbacks.py > keras-callbacks.json (needs tensorflow and keras 3).
import json
import os
import tempfile

import keras
import numpy as np
import tensorflow as tf

# Names of options as this package has them, by those of Keras.
names = {
    "min_delta": "minDelta", "restore_best_weights": "restoreBestWeights", "start_from_epoch": "startFromEpoch",
    "min_lr": "minLr", "save_best_only": "saveBestOnly", "initial_value_threshold": "initialValueThreshold",
}


def run(callback, values, figure="val_loss"):
    """The weight is the number of the epoch; what the callback makes of the figure's values."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(learning_rate=0.5), "mse", metrics=["accuracy"])
    model.train_on_batch(np.zeros((1, 1)), np.zeros((1, 1)))
    callback.set_model(model)
    model.stop_training = False
    callback.on_train_begin()
    rates = []
    epochs = 0
    for epoch, value in enumerate(values):
        callback.on_epoch_begin(epoch)
        model.set_weights([np.array([[epoch]], "float32")])
        callback.on_epoch_end(epoch, {figure: value})
        rates.append(float(model.optimizer.learning_rate.numpy()))
        epochs += 1
        if model.stop_training:
            break
    callback.on_train_end()
    return {"epochs": epochs, "weight": float(model.get_weights()[0][0, 0]), "rates": rates}


def case(name, values, figure="val_loss", **options):
    figures = {"val_loss": "valLoss", "val_accuracy": "valAccuracy"}
    given = {names.get(key, key): value for key, value in options.items()}
    if figure != "val_loss":
        options["monitor"] = given["monitor"] = figure
        given["monitor"] = figures[figure]
    made = getattr(keras.callbacks, name)
    case = {"options": given, "figure": figures[figure], "values": values}
    if name != "ModelCheckpoint":
        return {**case, **run(made(**options), values, figure)}
    with tempfile.TemporaryDirectory() as folder:
        pattern = os.path.join(folder, "{epoch:02d}.keras")
        run(made(pattern, **options), values, figure)
        return {**case, "saved": sorted(os.listdir(folder))}


falling = [1.0, 0.5, 0.75, 0.625, 0.5, 0.375, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25]
rising = [0.5, 0.75, 0.625, 0.8125, 0.8125, 0.75, 0.875, 0.5, 0.5, 0.5]
golden = {
    "versions": {"keras": keras.__version__, "tensorflow": tf.__version__},
    "earlyStopping": [
        case("EarlyStopping", falling),
        case("EarlyStopping", falling, patience=1),
        case("EarlyStopping", falling, patience=2),
        case("EarlyStopping", falling, patience=3, restore_best_weights=True),
        case("EarlyStopping", falling, patience=4, restore_best_weights=True),
        case("EarlyStopping", falling, patience=20, restore_best_weights=True),
        case("EarlyStopping", falling, patience=2, min_delta=0.25),
        case("EarlyStopping", falling, patience=3, min_delta=-0.125),
        case("EarlyStopping", falling, patience=2, baseline=0.4),
        case("EarlyStopping", falling, patience=4, baseline=0.3, restore_best_weights=True),
        case("EarlyStopping", falling, patience=3, baseline=0.6),
        case("EarlyStopping", falling, patience=1, start_from_epoch=4, restore_best_weights=True),
        case("EarlyStopping", falling, mode="max", patience=2, restore_best_weights=True),
        case("EarlyStopping", [1.0], restore_best_weights=True),
        case("EarlyStopping", rising, "val_accuracy", mode="max", patience=2, restore_best_weights=True),
        case("EarlyStopping", rising, "val_accuracy", mode="max", patience=3, min_delta=0.0625),
    ],
    "reduceLROnPlateau": [
        case("ReduceLROnPlateau", falling, factor=0.5, patience=1),
        case("ReduceLROnPlateau", falling, factor=0.5, patience=2),
        case("ReduceLROnPlateau", falling, factor=0.5, patience=0),
        case("ReduceLROnPlateau", falling, factor=0.5, patience=1, cooldown=1),
        case("ReduceLROnPlateau", falling, factor=0.5, patience=2, cooldown=3),
        case("ReduceLROnPlateau", falling, factor=0.25, patience=1, min_lr=0.0625),
        case("ReduceLROnPlateau", falling, factor=0.5, patience=2, min_delta=0.25),
        case("ReduceLROnPlateau", rising, "val_accuracy", mode="max", factor=0.5, patience=2),
        case("ReduceLROnPlateau", falling, patience=3),
    ],
    "modelCheckpoint": [
        case("ModelCheckpoint", falling),
        case("ModelCheckpoint", falling, save_best_only=True),
        case("ModelCheckpoint", falling, save_best_only=True, initial_value_threshold=0.5),
        case("ModelCheckpoint", falling, save_best_only=True, mode="max"),
        case("ModelCheckpoint", rising, "val_accuracy", save_best_only=True, mode="max"),
    ],
}
print(json.dumps(golden))
