# Makes keras-schedules.json: learning rates of Keras' schedules, for test/optimizers/schedules.test.ts.
# Run: python make_keras_schedules.py > keras-schedules.json (needs tensorflow and keras 3).
import json

import keras
import numpy as np

from golden import tensor

schedules = keras.optimizers.schedules
updates = np.array([0, 1, 2, 3, 5, 7, 8, 10, 13, 16, 20, 1000])


def rates(schedule):
    return tensor(np.array([float(schedule(float(count))) for count in updates], "float32"))


print(json.dumps({
    "versions": {"keras": keras.__version__},
    "updates": updates.tolist(),
    "cases": [
        {
            "schedule": {"name": "linearDecay", "initialLearningRate": 0.5, "decaySteps": 16, "endLearningRate": 0.125},
            "rates": rates(schedules.PolynomialDecay(0.5, 16, end_learning_rate=0.125, power=1)),
        },
        {
            "schedule": {"name": "linearDecay", "initialLearningRate": 0.002, "decaySteps": 7},
            "rates": rates(schedules.PolynomialDecay(0.002, 7, end_learning_rate=0, power=1)),
        },
        {
            "schedule": {"name": "cosineDecay", "initialLearningRate": 0.5, "decaySteps": 13, "alpha": 0.25},
            "rates": rates(schedules.CosineDecay(0.5, 13, alpha=0.25)),
        },
        {
            "schedule": {"name": "cosineDecay", "initialLearningRate": 0.002, "decaySteps": 10, "warmupSteps": 5},
            "rates": rates(schedules.CosineDecay(0.0, 10, warmup_target=0.002, warmup_steps=5)),
        },
    ],
}))
