// Freezing layers and models: what is frozen stays as it is, bit for bit.
import { expect, test } from '@jest/globals';
import { layers, Sequential } from '../../lib/index';
import { contents, normalTensor } from './small-models';

const [x, y] = [normalTensor([8, 3], 1), normalTensor([8, 1], 2)];

/** Between its layers is a curve and a bias of 1, so that no gradient or mean is 0 by symmetry. */
const block = (name: string, units: number, inputs: number) =>
  new Sequential({
    name,
    seed: 1,
    layers: [
      layers.dense({ units, activation: 'tanh', biasInitializer: 'ones', inputShape: [inputs] }),
      layers.batchNormalization(),
    ],
  });

function compiled(...stack: Sequential[]) {
  const model = new Sequential({ layers: stack });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  return model;
}

/** Trains one batch, and says per weight whether it moved. */
async function moved(model: Sequential, train: 'fit' | 'trainOnBatch' = 'trainOnBatch'): Promise<boolean[]> {
  const before = await contents(model);
  await model[train](x, y, { batchSize: 8 });
  return (await contents(model)).map((data, i) => data.some((value, j) => value !== before[i]![j]));
}

const moves = (...parts: ('free' | 'frozen')[]) => parts.flatMap((part) => Array(6).fill(part === 'free'));

test('everything moves unless frozen, moving statistics included', async () => {
  const model = compiled(block('a', 4, 3), block('b', 1, 4));
  expect(await moved(model)).toEqual(moves('free', 'free'));
});

test.each(['fit', 'trainOnBatch'] as const)('a frozen model within another stays as it is in %s', async (train) => {
  const frozen = block('b', 1, 4);
  frozen.trainable = false;
  const model = compiled(block('a', 4, 3), frozen);
  expect(frozen.trainableWeights).toEqual([]);
  // Below a frozen part, gradients still flow.
  expect(await moved(model, train)).toEqual(moves('free', 'frozen'));
});

test('a frozen layer stays as it is', async () => {
  const part = block('a', 4, 3);
  part.layers[0]!.trainable = false;
  const model = compiled(part, block('b', 1, 4));
  expect(await moved(model)).toEqual([false, false, true, true, true, true, ...moves('free')]);
});

test('a frozen batch normalisation keeps its statistics too', async () => {
  const part = block('a', 4, 3);
  part.layers[1]!.trainable = false;
  const model = compiled(part, block('b', 1, 4));
  expect(await moved(model)).toEqual([true, true, false, false, false, false, ...moves('free')]);
});

test('a wholly frozen model trains without moving', async () => {
  const model = compiled(block('a', 1, 3));
  model.trainable = false;
  expect(await moved(model)).toEqual(moves('frozen'));
});

test('freezing and thawing take effect with the next call', async () => {
  const [a, b] = [block('a', 4, 3), block('b', 1, 4)];
  const model = compiled(a, b);
  for (const train of ['trainOnBatch', 'fit'] as const) {
    a.trainable = false;
    expect(await moved(model, train)).toEqual(moves('frozen', 'free'));
    a.trainable = true;
    b.trainable = false;
    expect(await moved(model, train)).toEqual(moves('free', 'frozen'));
    b.trainable = true;
    expect(await moved(model, train)).toEqual(moves('free', 'free'));
  }
});

test('a frozen weight counts as one that is not trainable in the summary', () => {
  const model = compiled(block('a', 4, 3));
  model.layers[0]!.trainable = false;
  const printed: string[] = [];
  model.summary({ print: (text) => printed.push(text) });
  expect(printed.join().split('\n').slice(-2)).toEqual(['Trainable params: 0', 'Non-trainable params: 32']);
});
