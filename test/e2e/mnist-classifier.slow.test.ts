// The models learn from real data: an MLP tells the digits of MNIST's test set apart.
import { expect, test } from '@jest/globals';
import type { LabelledImages } from '../../lib/datasets/labelled-images';
import { mnist } from '../../lib/datasets/mnist';
import { layers, Sequential, tensor } from '../../lib/index';

/** Pixels 0 .. 255 as 0 .. 1. */
function scaled({ images }: LabelledImages) {
  return tensor(
    Float32Array.from(images.data, (pixel) => pixel / 255),
    images.shape,
  );
}

test('an MLP of 512 hidden units is right on 98 % of the test set after ten epochs', async () => {
  const [train, testing] = [await mnist(), await mnist({ split: 'test' })];
  const model = new Sequential({
    seed: 1,
    layers: [
      layers.flatten({ inputShape: [28, 28, 1] }),
      layers.dense({ units: 512, activation: 'relu' }),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  await model.fit(scaled(train), train.labels, { epochs: 10, batchSize: 64 });
  const { accuracy } = await model.evaluate(scaled(testing), testing.labels, { batchSize: 500 });
  expect(accuracy).toBeGreaterThanOrEqual(0.98);
});
