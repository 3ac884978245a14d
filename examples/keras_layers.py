# Layers of cuda-gan that Keras has not, for Keras 3 on TensorFlow: import this file before loading a model that has some.
import keras
from keras import ops


@keras.saving.register_keras_serializable(package="cuda_gan")
class MinibatchStdDev(keras.layers.Layer):
    """Appends a channel that says how much the samples of a group differ (Karras et al. 2018)."""

    def __init__(self, groupSize=4, **options):
        super().__init__(**options)
        self.groupSize = groupSize

    def get_config(self):
        return {**super().get_config(), "groupSize": self.groupSize}

    def compute_output_shape(self, shape):
        return (*shape[:-1], shape[-1] + 1)

    def call(self, x):
        batch, height, width = ops.shape(x)[0], x.shape[1], x.shape[2]
        members = self.largest_divisor(batch)
        samples = ops.reshape(x, (members, batch // members, -1))
        deviations = ops.sqrt(ops.var(samples, axis=0) + 1e-8)
        of_sample = ops.tile(ops.mean(deviations, axis=1), (members,))
        channel = ops.broadcast_to(ops.reshape(of_sample, (batch, 1, 1, 1)), (batch, height, width, 1))
        return ops.concatenate([x, channel], axis=-1)

    def largest_divisor(self, batch):
        """The largest number up to groupSize that divides the batch."""
        sizes = ops.arange(1, self.groupSize + 1)
        return ops.max(ops.where(batch % sizes == 0, sizes, 1))
