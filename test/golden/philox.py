# The random numbers of a training step, by a Philox written here after the paper.
import numpy as np


def philox(counter, key):
    """Four words of Philox4x32-10 (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011)."""
    (c0, c1, c2, c3), (k0, k1) = counter, key
    for _ in range(10):
        a, b = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ k0, b & 0xFFFFFFFF, (a >> 32) ^ c3 ^ k1, a & 0xFFFFFFFF
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return [c0, c1, c2, c3]


class Draws:
    """What the random ops of a graph draw at a step: each has the next stream of the seed, in the order of recording."""

    def __init__(self, seed, step):
        self.seed, self.step, self.stream = seed, step, 0

    def words(self, shape):
        """Whole blocks of four words, and how many of them are wanted."""
        count = int(np.prod(shape))
        blocks = [philox((i, 0, self.step, 0), (self.seed, self.stream)) for i in range((count + 3) // 4)]
        self.stream += 1
        return np.array(blocks, "uint64").ravel(), count

    def integers(self, shape, limit, low=0):
        words, count = self.words(shape)
        return (low + (words[:count] * np.uint64(limit - low) >> np.uint64(32)).astype("int64")).reshape(shape)

    def uniform(self, shape, low=0.0, high=1.0):
        words, count = self.words(shape)
        return (low + (high - low) * (words[:count] >> np.uint64(8)) * 2.0**-24).reshape(shape)

    def normal(self, shape):
        """Box and Muller (1958): a pair of words gives a pair of normal numbers."""
        words, count = self.words(shape)
        pairs = (words >> np.uint64(8)).astype("float64").reshape(-1, 2)
        radius = np.sqrt(-2 * np.log((pairs[:, 0] + 1) * 2.0**-24))
        angle = 2 * np.pi * pairs[:, 1] * 2.0**-24
        return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).ravel()[:count].reshape(shape)
