// A training goes on in real Keras where it stopped here, and here where it stopped there: with the optimizer's state, the next update
// is the same.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { layers, loadModel, loadNpz, type Model, Sequential, saveNpz, schedules, tensor } from '../../../lib/index';
import type { OptimizerLike } from '../../../lib/optimizers/index';
import { scratchFolder } from '../../gan/scratch';
import { pythonLacks, runPython } from '../../support/python';

const folder = scratchFolder();

const optimizers: Readonly<Record<string, OptimizerLike>> = {
  adam: { name: 'adam', learningRate: 0.01 },
  amsgrad: { name: 'adam', amsgrad: true, beta1: 0.5 },
  clipped: { name: 'adam', globalClipNorm: 0.1 },
  adamW: { name: 'adamW', weightDecay: 0.1 },
  nadam: 'nadam',
  adagrad: { name: 'adagrad', learningRate: 0.1 },
  rmsprop: { name: 'rmsprop', rho: 0.8 },
  sgd: 'sgd',
  momentum: { name: 'sgd', momentum: 0.9, nesterov: true },
  schedule: {
    name: 'adam',
    learningRate: schedules.cosineDecay({ initialLearningRate: 0.02, decaySteps: 4, warmupSteps: 2 }),
  },
};

const x = tensor(
  Float32Array.from({ length: 8 * 36 }, (_, i) => Math.sin(3 * i)),
  [8, 6, 6, 1],
);
const y = tensor(
  Float32Array.from({ length: 8 * 2 }, (_, i) => Math.cos(5 * i)),
  [8, 2],
);

/** With a part that does not train, and statistics. */
function newModel(optimizer: OptimizerLike): Model {
  const model = new Sequential({
    seed: 5,
    device: 'cpu',
    layers: [
      // No bias: behind it, the batch's mean takes it away, and its gradient is rounding alone.
      layers.conv2d({ filters: 3, kernelSize: 3, inputShape: [6, 6, 1], useBias: false, kernelRegularizer: 'l2' }),
      layers.batchNormalization({ momentum: 0.9 }),
      layers.leakyReLU({ negativeSlope: 0.2 }),
      layers.flatten(),
      layers.dense({ units: 4, activation: 'tanh', trainable: false }),
      new Sequential({ layers: [layers.dense({ units: 2 })] }),
    ],
  });
  model.compile({ optimizer, loss: 'meanSquaredError', metrics: ['meanAbsoluteError'] });
  return model;
}

/** A thousand roundings of a float32 near 1: updates divide by roots of small numbers. */
const tolerance = 1e-5;

async function expectWeights(model: Model, path: string): Promise<void> {
  const expected = await loadNpz(path);
  const found = await model.getWeights();
  expect(expected.size).toBe(found.length);
  found.forEach(({ data }, i) => {
    const wanted = expected.get(String(i))!.data;
    data.forEach((value, j) => {
      expect(Math.abs(value - wanted[j]!)).toBeLessThan(tolerance);
    });
  });
}

const missing = pythonLacks('keras', 'tensorflow');
const withKeras = missing === undefined ? describe : describe.skip;

withKeras('in Keras', () => {
  const models = new Map<string, Model>();
  let iterations: Readonly<Record<string, number>>;

  beforeAll(async () => {
    await saveNpz(
      join(folder, 'batch.npz'),
      new Map([
        ['x', x],
        ['y', y],
      ]),
    );
    for (const [name, optimizer] of Object.entries(optimizers)) {
      const model = newModel(optimizer);
      for (let step = 0; step < 2; step++) await model.trainOnBatch(x, y);
      await model.save(join(folder, `${name}.keras`));
      models.set(name, model);
    }
    writeFileSync(join(folder, 'cases.json'), JSON.stringify(Object.keys(optimizers)));
    iterations = JSON.parse(runPython(join(__dirname, 'train_keras.py'), folder));
  }, 600_000);

  test.each(Object.keys(optimizers))('%s goes on there', async (name) => {
    const model = models.get(name)!;
    await model.trainOnBatch(x, y);
    await expectWeights(model, join(folder, `${name}.third.npz`));
    // sgd does not count its updates here.
    expect(iterations[name]).toBe(
      name === 'sgd' || name === 'momentum' || name === 'rmsprop' || name === 'adagrad' ? 3 : 5,
    );
  });

  test.each(Object.keys(optimizers))('%s goes on here', async (name) => {
    const model = await loadModel(join(folder, `${name}.back.keras`), { device: 'cpu' });
    await model.trainOnBatch(x, y);
    await expectWeights(model as Model, join(folder, `${name}.back.npz`));
  });
});
