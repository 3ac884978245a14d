// Weights of files alone: what does not fit the model is refused in every format, and the model stays as it was.
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { layers, Sequential } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { error } from '../support/errors';

const stack = (count: number) =>
  new Sequential({
    device: 'cpu',
    layers: [
      layers.dense({ units: 5, inputShape: [5] }),
      ...Array.from({ length: count - 1 }, () => layers.dense({ units: 5 })),
    ],
  });

test.each([
  ['keras', 1, 2],
  ['h5', 1, 2],
  ['json', 1, 2],
  ['safetensors', 1, 2],
  ['keras', 2, 1],
  ['h5', 2, 1],
  ['json', 2, 1],
  ['safetensors', 2, 1],
])('.%s: a model of %d layers takes no weights of one of %d', async (ending, own, others) => {
  const path = join(scratchFolder(), `other.${ending}`);
  await stack(others).save(path);
  const model = stack(own);
  const before = await model.getWeights();
  await expect(model.loadWeights(path)).rejects.toThrow(error('CUDA_GAN_FILE', 'other.'));
  expect(await model.getWeights()).toEqual(before);
});
