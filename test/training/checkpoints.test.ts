// When a checkpoint is due, and what is written meanwhile.
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { resolveDevice } from '../../lib/devices/select';
import { Variable } from '../../lib/program/variable';
import { readCheckpoint, restoreState } from '../../lib/training/checkpoint';
import { Checkpoints, checkpointsIn, newestCheckpoint } from '../../lib/training/checkpoints';
import { scratchFolder } from '../gan/scratch';
import { error } from '../support/errors';

const device = resolveDevice('reference');

afterEach(() => {
  jest.restoreAllMocks();
});

interface Settings {
  readonly interval?: number;
  readonly describe?: () => unknown;
  readonly beforeWrite?: () => Promise<void>;
}

/** Checkpoints of one Variable, whose steps and time the test sets. */
async function clocked({ interval, describe = () => ({}), beforeWrite }: Settings = {}) {
  const folder = scratchFolder();
  const clock = { milliseconds: 0, step: 0 };
  jest.spyOn(performance, 'now').mockImplementation(() => clock.milliseconds);
  const weight = new Variable({ name: 'w', shape: [2], initial: () => Float32Array.of(1, 2) });
  const state = new Map([['layer/w', weight]]);
  const step = () => clock.step;
  const options = { folder, kind: 'test', device, state, interval, step, describe, beforeWrite };
  const checkpoints = await Checkpoints.open(options);
  const steps = async () => {
    await checkpoints.close();
    return (await checkpointsIn(folder)).map((found) => found.step);
  };
  return { folder, clock, weight, state, checkpoints, steps };
}

describe('without an interval', () => {
  test('one is due a minute after the beginning, and after each', async () => {
    const { clock, checkpoints, steps } = await clocked();
    await checkpoints.begin();
    await steps();
    expect(checkpoints.stepsAhead).toBe(Number.POSITIVE_INFINITY);
    for (const [second, wanted] of [
      [59, [0]],
      [61, [0, 61]],
      [120, [0, 61]],
      [122, [61, 122]],
    ] as const) {
      clock.milliseconds = 1000 * second;
      clock.step = second;
      await checkpoints.takeWhenDue();
      expect(await steps()).toEqual(wanted);
    }
  });

  test('it is due so much later that writing takes 1 % of the time', async () => {
    const clockOf = { milliseconds: 0 };
    const beforeWrite = async () => {
      clockOf.milliseconds += 2000;
    };
    const { clock, checkpoints, steps } = await clocked({ beforeWrite });
    jest.spyOn(performance, 'now').mockImplementation(() => clockOf.milliseconds);
    await checkpoints.begin();
    await steps();
    for (const [second, wanted] of [
      [201, [0]],
      [203, [0, 203]],
    ] as const) {
      clockOf.milliseconds = 1000 * second;
      clock.step = second;
      await checkpoints.takeWhenDue();
      expect(await steps()).toEqual(wanted);
    }
  });

  test('none is begun while one is being written', async () => {
    const disk = new EventEmitter();
    const answered = once(disk, 'answer');
    const { clock, checkpoints, steps } = await clocked({
      beforeWrite: async () => {
        if (clock.step > 0) await answered;
      },
    });
    await checkpoints.begin();
    for (const step of [1, 2]) {
      clock.milliseconds = 1e6 * step;
      clock.step = step;
      await checkpoints.takeWhenDue();
    }
    disk.emit('answer');
    expect(await steps()).toEqual([0, 1]);
  });
});

test('with an interval, one is due at each of its multiples, once', async () => {
  const { clock, checkpoints, steps } = await clocked({ interval: 10 });
  await checkpoints.begin();
  clock.step = 7;
  expect(checkpoints.stepsAhead).toBe(3);
  await checkpoints.takeWhenDue();
  expect(await steps()).toEqual([0]);
  clock.step = 10;
  await checkpoints.takeWhenDue();
  expect(await steps()).toEqual([0, 10]);
  expect(checkpoints.stepsAhead).toBe(10);
});

test('numbers, arrays and the state come back as they were, to the last bit', async () => {
  const data = {
    a: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0.1],
    b: Int32Array.of(1, -2),
  };
  const { checkpoints, weight, state, folder } = await clocked({ describe: () => data });
  // What float32 cannot hold, the reference device keeps.
  await weight.on(device).write(Float64Array.of(1 / 3, 1e-60));
  await checkpoints.end();
  await weight.write(Float32Array.of(0, 0), device);
  const checkpoint = await newestCheckpoint(folder);
  expect(checkpoint).toMatchObject({ kind: 'test', data });
  await restoreState(checkpoint, state, device);
  const found = new Float64Array(2);
  await weight.on(device).read(found);
  expect([...found]).toEqual([1 / 3, 1e-60]);
});

test('a state that is not finite is not written: the training finds that by itself', async () => {
  const { checkpoints, weight, steps, clock } = await clocked();
  await checkpoints.begin();
  await weight.write(Float32Array.of(1, Number.POSITIVE_INFINITY), device);
  clock.step = 1;
  await checkpoints.end();
  expect(await steps()).toEqual([0]);
});

describe('a checkpoint that does not fit', () => {
  const checkpoint = async () => {
    const { checkpoints, folder } = await clocked();
    await checkpoints.end();
    return readCheckpoint(join(folder, 'checkpoint-000000000.safetensors'));
  };
  const variable = (shape: number[]) => new Variable({ name: 'w', shape });

  test.each([
    ['it has "layer/w", which is not there', { other: variable([2]) }],
    ['it has no "other"', { 'layer/w': variable([2]), other: variable([1]) }],
    ['"layer/w" has shape [3], there [2, 8]', { 'layer/w': variable([3]) }],
  ])('%s', async (message, state) => {
    await expect(restoreState(await checkpoint(), new Map(Object.entries(state)), device)).rejects.toThrow(
      error('CUDA_GAN_FILE', `does not fit what is to be trained: ${message}`),
    );
  });
});
