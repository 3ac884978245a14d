// What reading a model costs, whatever the format: its weights are those of the file, and no others are drawn before.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { layers, loadModel, Sequential } from '../../lib/index';
import { modelFile } from '../../lib/models/model-formats';
import { RandomStream } from '../../lib/random/random-stream';
import { scratchFolder } from '../gan/scratch';

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
