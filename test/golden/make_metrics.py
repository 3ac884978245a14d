# Makes metrics.json: what NumPy and SciPy make of the figures of lib/evaluation, by the formulas of the articles and none of
# the package's code, for test/evaluation/.
# Run: python make_metrics.py > metrics.json (needs numpy and scipy).
import json

import numpy as np
import scipy
from scipy import linalg, spatial, stats

random = np.random.default_rng(3)


def rounded(array):
    """Multiples of 1/64: float32 holds them, and few digits write them."""
    return np.round(64 * array) / 64


def listed(array):
    return {"shape": list(array.shape), "data": [float(x) for x in array.ravel()]}


def frechet(x, y):
    """By the eigenvalues of a symmetric product: scipy.linalg.sqrtm is inaccurate where a covariance is singular."""
    one, other = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    values, vectors = linalg.eigh(one)
    root = vectors * np.sqrt(values.clip(0)) @ vectors.T
    trace = np.sqrt(linalg.eigvalsh(root @ other @ root).clip(0)).sum()
    means = x.mean(0) - y.mean(0)
    return means @ means + np.trace(one) + np.trace(other) - 2 * trace


def kernel(x, y):
    return (x @ y.T / x.shape[1] + 1) ** 3


def discrepancy(x, y):
    n, m = len(x), len(y)
    within_x = (kernel(x, x).sum() - np.trace(kernel(x, x))) / (n * (n - 1))
    within_y = (kernel(y, y).sum() - np.trace(kernel(y, y))) / (m * (m - 1))
    return within_x + within_y - 2 * kernel(x, y).mean()


def classifier_score(p):
    return np.exp(np.mean([stats.entropy(row, p.mean(0)) for row in p]))


def radii(x, k):
    return np.sort(spatial.distance.cdist(x, x), axis=1)[:, k]


def inside(queries, centres, k):
    return spatial.distance.cdist(queries, centres) <= radii(centres, k)[None, :]


def precision_recall(samples, data, k):
    return {"precision": inside(samples, data, k).any(1).mean(), "recall": inside(data, samples, k).any(1).mean()}


def density_coverage(samples, data, k):
    held = inside(samples, data, k)
    return {"density": held.sum() / (k * len(samples)), "coverage": held.any(0).mean()}


def nearest(samples, data, count):
    distances = spatial.distance.cdist(samples, data)
    order = np.argsort(distances, axis=1, kind="stable")[:, :count]
    return {"indices": order.ravel().tolist(), "distances": np.take_along_axis(distances, order, 1).ravel().tolist()}


def gradient_energy(images):
    right, below = np.diff(images, axis=2) ** 2, np.diff(images, axis=1) ** 2
    return (right.sum() + below.sum()) / images.size


def laplacian_variance(images):
    around = images[:, :-2, 1:-1] + images[:, 2:, 1:-1] + images[:, 1:-1, :-2] + images[:, 1:-1, 2:]
    return (around - 4 * images[:, 1:-1, 1:-1]).var(axis=(1, 2)).mean()


def pair(n, m, d):
    mix = random.standard_normal((d, d))
    x = rounded(random.standard_normal((n, d)) @ mix / np.sqrt(d))
    y = rounded(random.standard_normal((m, d)) @ mix.T / np.sqrt(d) + 0.3)
    return x, y


def features(name, x, y):
    return {
        "name": name,
        "samples": listed(x),
        "reference": listed(y),
        "frechet": frechet(x, y),
        "discrepancy": discrepancy(x, y[: len(x)]),
        "precisionRecall": precision_recall(x, y, 3),
        "densityCoverage": density_coverage(x, y, 5),
        "nearest": nearest(x, y, 4),
    }


def constant(x, y):
    """A feature that never moves, and two that move together: a singular covariance."""
    for set_ in (x, y):
        set_[:, 0] = 0.5
        set_[:, 2] = 2 * set_[:, 1]
    return x, y


def shifted(x, y):
    """Far from the origin, where float32 has few digits left for what is between the points."""
    return x + 1024, y + 1024


logits = random.standard_normal((200, 6)) * 3
probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
probabilities = probabilities.astype(np.float32).astype(np.float64)
labels = random.choice(6, 300, p=[0.3, 0.2, 0.2, 0.1, 0.1, 0.1])
data_labels = random.choice(6, 500)
test = stats.chi2_contingency([np.bincount(labels, minlength=6), np.bincount(data_labels, minlength=6)])
images = random.integers(0, 256, (24, 6, 5, 2))
blurred = rounded(random.uniform(-0.5, 0.5, (30, 6, 5, 2)))

print(
    json.dumps(
        {
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "features": [
                features("as many as twenty samples of three features", *pair(20, 30, 3)),
                features("sixteen features", *pair(150, 200, 16)),
                features("a singular covariance", *constant(*pair(60, 80, 6))),
                features("far from the origin", *shifted(*pair(60, 60, 4))),
            ],
            "probabilities": listed(probabilities),
            "classifierScore": classifier_score(probabilities),
            "histogram": {
                "samples": labels.tolist(),
                "reference": data_labels.tolist(),
                "chiSquare": test.statistic,
                "pValue": test.pvalue,
                "degreesOfFreedom": int(test.dof),
            },
            "upperGamma": [
                [a, x, float(scipy.special.gammaincc(a, x))]
                for a in (0.5, 1, 4.5, 40, 499.5)
                for x in (0.001, 0.5, 3.0, 40.0, 600.0)
            ],
            "normalQuantiles": [[p, float(stats.norm.ppf(p))] for p in (0.75, 0.95, 0.975, 0.9995)],
            "sharpness": {
                "samples": listed(blurred),
                "reference": {"shape": list(images.shape), "data": images.ravel().tolist()},
                "gradientEnergy": [gradient_energy(blurred / 2 + 0.5), gradient_energy(images / 255)],
                "laplacianVariance": [laplacian_variance(blurred / 2 + 0.5), laplacian_variance(images / 255)],
            },
        }
    )
)
