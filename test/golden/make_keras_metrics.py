# Makes keras-metrics.json: what metrics of Keras 3 that count over batches answer after each of several, for
# test/metrics/accumulating.test.ts. Run: python make_keras_metrics.py > keras-metrics.json (needs tensorflow and keras 3).
import json

import keras
import numpy as np
import tensorflow as tf
from golden import tensor

random = np.random.default_rng(16)
sizes = [5, 1, 9]
classes = 4
made = keras.metrics


def binary(rate=0.4):
    """Of probabilities that tell something; some are 0, 1, and on a threshold."""
    batches = []
    for n in sizes:
        targets = (random.random((n, 1)) < rate).astype("float32")
        found = np.clip(0.3 * targets + 0.35 + 0.3 * random.standard_normal((n, 1)), 0, 1)
        batches.append((targets, found.astype("float32")))
    batches[0][1][0, 0] = 0.5
    return batches


def several():
    """Distributions over classes, of which the last never occurs."""
    batches = []
    for n in sizes:
        labels = random.integers(0, classes - 1, n)
        logits = 1.5 * np.eye(classes)[labels] + random.standard_normal((n, classes))
        found = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
        batches.append((np.eye(classes)[labels].astype("float32"), found.astype("float32")))
    return batches


def after_each(batches, *metrics):
    """The mean of what the metrics answer, after every batch."""
    values = []
    for targets, found in batches:
        for metric in metrics:
            metric.update_state(tf.constant(targets), tf.constant(found))
        values.append(float(np.mean([metric.result().numpy() for metric in metrics])))
    return values


def case(name, options, batches, *metrics):
    return {
        "metric": {"name": name, **options},
        "batches": [{"targets": tensor(targets), "predictions": tensor(found)} for targets, found in batches],
        "values": after_each(batches, *metrics),
    }


def of_classes(metric, **options):
    return [metric(class_id=i, **options) for i in range(classes)]


yes_or_no, one_of = binary(), several()
none_there = [(0 * targets, found) for targets, found in yes_or_no]
all_there = [(0 * targets + 1, found) for targets, found in yes_or_no]

cases = []
for name, metric in [("precision", made.Precision), ("recall", made.Recall)]:
    cases += [
        case(name, {}, yes_or_no, metric()),
        case(name, {"threshold": 0.3}, yes_or_no, metric(0.3)),
        case(name, {"threshold": 0.999}, yes_or_no, metric(0.999)),
        case(name, {}, none_there, metric()),
        case(name, {}, one_of, metric()),
        case(name, {"classId": 1}, one_of, metric(class_id=1)),
        case(name, {"classId": 3, "threshold": 0.2}, one_of, metric(0.2, class_id=3)),
        case(name, {"topK": 1}, one_of, metric(top_k=1)),
        case(name, {"topK": 2, "classId": 0}, one_of, metric(top_k=2, class_id=0)),
        case(name, {"topK": 3}, one_of, metric(top_k=3)),
        case(name, {"average": "macro"}, one_of, *of_classes(metric)),
        case(name, {"average": "macro", "topK": 1}, one_of, *of_classes(metric, top_k=1)),
    ]
for average in ["micro", "macro", "weighted"]:
    cases += [
        case("f1Score", {"average": average}, one_of, made.F1Score(average)),
        case("f1Score", {"average": average, "threshold": 0.3}, one_of, made.F1Score(average, 0.3)),
        case("f1Score", {"average": average}, yes_or_no, made.F1Score(average, 0.5)),
    ]
cases += [case("f1Score", {}, none_there, made.F1Score("macro", 0.5))]
cases += [case("topKAccuracy", {"k": k}, one_of, made.TopKCategoricalAccuracy(k)) for k in [1, 2, 3]]
for curve in ["roc", "pr"]:
    for options in [{}, {"thresholds": 7}]:
        count = options.get("thresholds", 200)
        for batches in [yes_or_no, one_of, none_there, all_there]:
            cases.append(case("auc", {"curve": curve, **options}, batches, made.AUC(count, curve.upper())))
    logits = [(targets, np.log((found + 1e-3) / (1 - found + 1e-3))) for targets, found in yes_or_no]
    cases.append(case("auc", {"curve": curve, "fromLogits": True}, logits, made.AUC(curve=curve.upper(), from_logits=True)))

print(json.dumps({"versions": {"keras": keras.__version__, "tensorflow": tf.__version__}, "cases": cases}))
