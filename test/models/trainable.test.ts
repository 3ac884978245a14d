// Freezing layers and models: what is frozen when a model is compiled stays as it is, bit for bit.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
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

function compile(model: Sequential): Sequential {
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  return model;
}

const compiled = (...stack: Sequential[]) => compile(new Sequential({ layers: stack }));

/** Trains one batch, and says per weight whether it moved. */
async function moved(model: Sequential, train: 'fit' | 'trainOnBatch' = 'trainOnBatch'): Promise<boolean[]> {
  const before = await contents(model);
  await (train === 'fit' ? model.fit(x, y, { batchSize: 8 }) : model.trainOnBatch(x, y));
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
  const model = new Sequential({ layers: [block('a', 1, 3)], trainable: false });
  expect(await moved(compile(model))).toEqual(moves('frozen'));
});

test('a frozen batch normalisation normalises by the batch, as one that is free', async () => {
  const [free, frozen] = [block('a', 1, 3), block('a', 1, 3)];
  frozen.layers[1]!.trainable = false;
  const losses = await Promise.all([free, frozen].map((part) => compiled(part).trainOnBatch(x, y)));
  expect(losses[1]).toEqual(losses[0]);
});

describe('what trains is fixed by compile', () => {
  const warnings = jest.fn<typeof process.emitWarning>();
  beforeEach(() => void jest.spyOn(process, 'emitWarning').mockImplementation(warnings as never));
  afterEach(() => {
    jest.restoreAllMocks();
    warnings.mockReset();
  });

  test.each(['trainOnBatch', 'fit'] as const)(
    '%s: freezing and thawing take effect with the next one',
    async (train) => {
      const [a, b] = [block('a', 4, 3), block('b', 1, 4)];
      const model = compiled(a, b);
      a.trainable = false;
      expect(await moved(model, train)).toEqual(moves('free', 'free'));
      expect(await moved(compile(model), train)).toEqual(moves('frozen', 'free'));
      a.trainable = true;
      b.trainable = false;
      expect(await moved(model, train)).toEqual(moves('frozen', 'free'));
      expect(await moved(compile(model), train)).toEqual(moves('free', 'frozen'));
    },
  );

  test('so the same layers train in one model and are frozen in another, as in the script of the article', async () => {
    const [generator, discriminator] = [block('g', 3, 3), block('d', 1, 3)];
    compile(discriminator);
    discriminator.trainable = false;
    const combined = compiled(generator, discriminator);
    const parts = () => Promise.all([contents(generator), contents(discriminator)]);
    const start = await parts();
    await combined.trainOnBatch(x, y);
    const afterCombined = await parts();
    expect(afterCombined[0]).not.toEqual(start[0]);
    expect(afterCombined[1]).toEqual(start[1]);
    expect(await moved(discriminator)).toEqual(moves('free'));
    expect((await parts())[0]).toEqual(afterCombined[0]);
  });

  test('a change that waits for the next compile is said once', async () => {
    const part = block('a', 1, 3);
    const model = compiled(part);
    await model.trainOnBatch(x, y);
    expect(warnings).not.toHaveBeenCalled();
    part.layers[0]!.trainable = false;
    await model.trainOnBatch(x, y);
    await model.trainOnBatch(x, y);
    await model.fit(x, y);
    expect(warnings.mock.calls).toEqual([
      [
        expect.stringMatching(/trainable of model "sequential" or of a part of it was changed after compile/),
        { type: 'CudaGanWarning', code: 'CUDA_GAN_TRAINABLE' },
      ],
    ]);
    compile(model);
    await model.trainOnBatch(x, y);
    expect(warnings).toHaveBeenCalledTimes(1);
  });

  test('or by build, where a model is compiled before it', async () => {
    const model = new Sequential({ layers: [layers.dense({ units: 1, biasInitializer: 'ones' })] });
    compile(model);
    model.build([3]);
    expect(await moved(model)).toEqual([true, true]);
  });
});

test('a frozen weight counts as one that is not trainable in the summary', () => {
  const model = compiled(block('a', 4, 3));
  model.layers[0]!.trainable = false;
  const printed: string[] = [];
  model.summary({ print: (text) => printed.push(text) });
  expect(printed.join().split('\n').slice(-2)).toEqual(['Trainable params: 0', 'Non-trainable params: 32']);
});
