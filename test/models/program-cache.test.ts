// Compiled programs are kept for the next call of their kind, within bounds, and never outlive what they compute on.
import { describe, expect, test } from '@jest/globals';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { type Device, layers, Sequential, tensor } from '../../lib/index';
import { type CachedProgram, ProgramCache } from '../../lib/models/program-cache';
import type { Program } from '../../lib/program/program';
import { contents, normalTensor } from './small-models';

/** A device that counts what it compiles and what of it is still there. */
class CountingDevice extends ReferenceDevice {
  compiled = 0;
  alive = 0;

  override compile(program: Program) {
    this.compiled++;
    this.alive++;
    const executable = super.compile(program);
    return { ...executable, dispose: () => void this.alive-- };
  }
}

function compiledModel(device: Device | 'cpu' = 'cpu'): Sequential {
  const model = new Sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })], seed: 1, device });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
}

const [x, y] = [normalTensor([4, 2], 1), normalTensor([4, 1], 2)];
const [x2, y2] = [normalTensor([2, 2], 3), normalTensor([2, 1], 4)];

test('alternating calls and shapes compile each kind once', async () => {
  const device = new CountingDevice();
  const model = compiledModel(device);
  for (let i = 0; i < 5; i++) {
    await model.trainOnBatch(x, y);
    await model.trainOnBatch(x2, y2);
    await model.testOnBatch(x, y);
    await model.evaluate(x, y);
    await model.predict(x);
    await model.predict(x2);
  }
  expect(device.compiled).toBe(5);
});

test('answers are those of the weights as they are, after training, setting and loading', async () => {
  const model = compiledModel();
  const answer = async () => (await model.predict(x)).data;
  const fresh = async () => {
    const copy = compiledModel();
    await copy.setWeights(await model.getWeights());
    return (await copy.predict(x)).data;
  };
  for (const change of [
    () => model.trainOnBatch(x, y),
    () => model.setWeights([normalTensor([2, 1], 8), normalTensor([1], 9)]),
    () => model.fit(x, y),
  ]) {
    const before = await answer();
    await change();
    expect(await answer()).not.toEqual(before);
    expect(await answer()).toEqual(await fresh());
  }
});

test('dispose, a new layer and a new compile free the programs', async () => {
  const device = new CountingDevice();
  const model = compiledModel(device);
  const use = async () => {
    await model.predict(x);
    await model.trainOnBatch(x, y);
  };
  await use();
  expect(device.alive).toBe(2);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  expect(device.alive).toBe(0);
  await use();
  model.add(layers.dense({ units: 1 }));
  expect(device.alive).toBe(0);
  await use();
  model.dispose();
  expect(device.alive).toBe(0);
});

test('a model of which a part was disposed of starts anew with that part, as the part itself does', async () => {
  const part = new Sequential({ layers: [layers.dense({ units: 2, inputShape: [2] })], seed: 3 });
  const model = new Sequential({ layers: [part, layers.dense({ units: 1 })], seed: 1 });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const before = (await model.predict(x)).data;
  await part.setWeights([normalTensor([2, 2], 5), normalTensor([2], 6)]);
  expect((await model.predict(x)).data).not.toEqual(before);
  part.dispose();
  expect((await model.predict(x)).data).toEqual(before);
  await model.trainOnBatch(x, y);
  part.dispose();
  const start = await contents(part);
  await model.trainOnBatch(x, y);
  expect(await contents(part)).not.toEqual(start);
});

test('what range pixels have may be changed', async () => {
  const model = compiledModel(new CountingDevice());
  const pixels = tensor(Uint8Array.of(0, 255, 51, 102), [2, 2]);
  const scaled = (low: number, high: number) =>
    tensor(
      Float32Array.from(pixels.data, (pixel) => low + ((high - low) * pixel) / 255),
      [2, 2],
    );
  for (const [low, high] of [
    [0, 255],
    [-1, 1],
    [0, 1],
  ] as const) {
    model.pixelRange = [low, high];
    const [found, wanted] = [await model.predict(pixels), await model.predict(scaled(low, high))];
    found.data.forEach((value, i) => void expect(value).toBeCloseTo(wanted.data[i]!, 4));
  }
});

describe('the cache', () => {
  const program = (bytes: number) => {
    const made = {
      bytes,
      current: true,
      disposed: false,
      dispose: () => {
        made.disposed = true;
      },
    };
    return made satisfies CachedProgram;
  };

  test('lets go of what was used longest ago beyond eight', () => {
    const cache = new ProgramCache<ReturnType<typeof program>>();
    const programs = Array.from({ length: 9 }, () => program(1));
    programs.slice(0, 8).forEach((made, i) => void cache.get(String(i), () => made));
    cache.get('0', () => program(1));
    cache.get('8', () => programs[8]!);
    expect(programs.map(({ disposed }) => disposed)).toEqual(programs.map((_, i) => i === 1));
  });

  test('lets go of what is beyond 64 MiB, but for the latest', () => {
    const cache = new ProgramCache<ReturnType<typeof program>>();
    const [small, large, huge] = [program(1), program(2 ** 26), program(2 ** 40)];
    for (const [key, made] of Object.entries({ small, large })) cache.get(key, () => made);
    expect([small.disposed, large.disposed]).toEqual([true, false]);
    cache.get('huge', () => huge);
    expect([large.disposed, huge.disposed]).toEqual([true, false]);
    expect(cache.get('huge', () => program(1))).toBe(huge);
  });

  test('compiles again what cannot be run again', () => {
    const cache = new ProgramCache<ReturnType<typeof program>>();
    const [old, next] = [program(1), program(1)];
    cache.get('a', () => old);
    old.current = false;
    expect(cache.get('a', () => next)).toBe(next);
    expect(old.disposed).toBe(true);
  });
});
