// Weights of files of all formats: no others are drawn before, and what does not fit the model is refused.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { layers, loadModel, Sequential } from '../../lib/index';
import { modelFile } from '../../lib/models/model-formats';
import { RandomStream } from '../../lib/random/random-stream';
import { scratchFolder } from '../gan/scratch';
import { error } from '../support/errors';

const folder = scratchFolder();
mkdirSync(folder, { recursive: true });

test.each(modelFile.endings)('a model of a file %s is not drawn before it is read', async (ending) => {
  const stack = [
    layers.conv2d({ filters: 3, kernelSize: 3, inputShape: [5, 4, 2] }),
    layers.flatten(),
    layers.dense({ units: 2 }),
  ];
  const model = new Sequential({ layers: stack, device: 'cpu', seed: 1 });
  const path = join(folder, `model${ending}`);
  await model.save(path);
  const drawn = jest.spyOn(RandomStream.prototype, 'word');
  const again = await loadModel(path, { device: 'cpu' });
  expect(drawn).not.toHaveBeenCalled();
  drawn.mockRestore();
  expect((await again.getWeights()).map(({ data }) => data)).toEqual(
    (await model.getWeights()).map(({ data }) => data),
  );
});

const stackOf = (count: number) =>
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
  await stackOf(others).save(path);
  const model = stackOf(own);
  const before = await model.getWeights();
  await expect(model.loadWeights(path)).rejects.toThrow(error('CUDA_GAN_FILE', 'other.'));
  expect(await model.getWeights()).toEqual(before);
});
