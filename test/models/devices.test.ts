// A model computes the same on every device, random numbers included, and lives on one of them.
import { expect, test } from '@jest/globals';
import type { Device } from '../../lib/devices/device';
import { chooseDevice, createDevice } from '../../lib/devices/select';
import { type DeviceChoice, layers, Sequential } from '../../lib/index';
import { cudaDevices } from '../support/devices';
import { error } from '../support/errors';
import { mismatches, u } from '../support/keras';
import { contents, linearModel, normalTensor } from './small-models';

const [x, y] = [normalTensor([20, 6], 1), normalTensor([20, 2], 2)];

async function train(device: Device | DeviceChoice) {
  const model = new Sequential({
    device,
    seed: 5,
    layers: [
      layers.gaussianNoise({ stddev: 0.1, inputShape: [6] }),
      layers.dense({ units: 8, activation: 'elu' }),
      layers.dropout({ rate: 0.25 }),
      layers.batchNormalization({ momentum: 0.5 }),
      layers.reshape({ targetShape: [2, 4] }),
      layers.leakyReLU(),
      layers.flatten(),
      layers.dense({ units: 2 }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['meanAbsoluteError'] });
  const { history } = await model.fit(x, y, { epochs: 3, batchSize: 8, validationSplit: 0.2 });
  const predictions = await model.predict(x);
  const weights = await contents(model);
  return {
    history,
    numbers: [...Object.values(history).flat(), ...predictions.data, ...weights.flatMap((w) => [...w])],
  };
}

const natives = [{ label: 'cpu', device: createDevice('cpu') }, ...cudaDevices()];

test.each(natives)(
  'noise, dropout, shuffling and all updates are the same on reference and $label',
  async ({ device }) => {
    const [reference, native] = await Promise.all([train('reference'), train(device)]);
    expect(Object.keys(native.history)).toEqual(['loss', 'meanAbsoluteError', 'valLoss', 'valMeanAbsoluteError']);
    // Six updates; in each, four layers round sums of up to eight terms forwards and again backwards: 6 · 4 · 8 · 2 u, of
    // numbers of about 1. A single different random number would move a loss by a thousand times that.
    expect(mismatches(native.numbers, reference.numbers, (value) => 384 * u * Math.max(1, Math.abs(value)))).toEqual(
      [],
    );
  },
);

test('all names of a device mean the one that the process shares', () => {
  expect(new Sequential({ device: chooseDevice().name }).device).toBe(new Sequential().device);
  expect(new Sequential({ device: 'reference' }).device).not.toBe(new Sequential().device);
});

test('a device can be chosen until the model is used, then only another model on the same', async () => {
  const device = createDevice('reference');
  const model = new Sequential({ name: 'net', layers: [layers.dense({ units: 1, inputShape: [6] })] });
  model.device = device;
  await model.predict(x);
  model.device = device;
  expect(() => {
    model.device = 'cpu';
  }).toThrow(error('CUDA_GAN_STATE', 'model "net" already lives on the device "reference"'));
});

test('a model within another lives where that does', async () => {
  const inner = new Sequential({ name: 'inner', layers: [layers.dense({ units: 1, inputShape: [6] })] });
  const outer = new Sequential({ name: 'outer', layers: [inner], device: 'reference' });
  const predictions = await outer.predict(x);
  expect(inner.device).toBe(outer.device);
  expect(await inner.predict(x)).toEqual(predictions);
});

test('an unknown device lists those there are', () => {
  expect(() => new Sequential({ device: 'gpu' as DeviceChoice }).device).toThrow(
    error(
      'CUDA_GAN_VALUE',
      'unknown device "gpu"; allowed are auto, cpu, cuda, reference; of several GPUs cuda:0, cuda:1 and so on',
    ),
  );
});

test('a compiled model that was disposed of may go to another device, and train there', async () => {
  const model = linearModel();
  const [x, y] = [normalTensor([4, 2], 1), normalTensor([4, 1], 2)];
  await model.trainOnBatch(x, y);
  model.dispose();
  model.device = createDevice('reference');
  expect((await model.trainOnBatch(x, y)).loss).toBeGreaterThan(0);
});
