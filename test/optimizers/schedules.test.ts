// Schedules of learning rates: held to Keras; what counts, and what is refused.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDevice, optimizers, schedules, type Tensor, tensor } from '../../lib/index';
import { toOptimizer } from '../../lib/optimizers/index';
import { plainOptimizer } from '../../lib/optimizers/plain';
import { type ScheduleLike, toSchedule } from '../../lib/optimizers/schedules/index';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';
import { cudaDevices } from '../support/devices';
import { error } from '../support/errors';
import { type Golden, mismatches, u } from '../support/keras';
import { run, runExact } from '../support/run';

interface GoldenSchedules {
  readonly updates: readonly number[];
  readonly cases: readonly {
    readonly schedule: ScheduleLike & { initialLearningRate: number };
    readonly rates: Golden;
  }[];
}

const golden: GoldenSchedules = JSON.parse(readFileSync(join(__dirname, '../golden/keras-schedules.json'), 'utf8'));

const devices = [
  createDevice('cpu', { threads: 1 }),
  createDevice('reference'),
  ...cudaDevices().map((one) => one.device),
];

const scalar = (value: number): Tensor => tensor(Float32Array.of(value), []);

/** The rate behind so many updates, in float64. */
async function rateOf(schedule: ScheduleLike, updates: number): Promise<number> {
  const [rate] = await runExact([scalar(updates)], ([count]) => [toSchedule(schedule).rate(count!)]);
  return rate![0]!;
}

describe.each(devices)('rates are those of Keras on $name', (device) => {
  test.each(golden.cases)('$schedule', async ({ schedule, rates }) => {
    const found = await Promise.all(
      golden.updates.map(async (count) => {
        const [rate] = await run(device, [scalar(count)], ([updates]) => [toSchedule(schedule).rate(updates!)]);
        return rate![0]!;
      }),
    );
    // Either side rounds at most eight times, numbers of up to π times the initial rate.
    const tolerance = () => 16 * Math.PI * u * schedule.initialLearningRate;
    expect(mismatches(found, rates.data, tolerance)).toEqual([]);
  });
});

const steps = fc.nat(40);
const positive = fc.integer({ min: 1, max: 30 });
/** Of numbers of size 1, computed in float64. */
const digits = 1e-12;

test('a linear decay is a straight line from the initial to the last rate, and stays there', async () => {
  await fc.assert(
    fc.asyncProperty(steps, positive, async (count, decaySteps) => {
      const rate = await rateOf(
        schedules.linearDecay({ initialLearningRate: 1, decaySteps, endLearningRate: 0.25 }),
        count,
      );
      expect(Math.abs(rate - (1 - 0.75 * Math.min(1, count / decaySteps)))).toBeLessThan(digits);
    }),
    { numRuns: 30 },
  );
});

test('a cosine decay is half a wave from the initial rate to alpha times it, and stays there', async () => {
  await fc.assert(
    fc.asyncProperty(steps, positive, async (count, decaySteps) => {
      const rate = await rateOf(schedules.cosineDecay({ initialLearningRate: 1, decaySteps, alpha: 0.25 }), count);
      const wave = (1 + Math.cos(Math.PI * Math.min(1, count / decaySteps))) / 2;
      expect(Math.abs(rate - (0.25 + 0.75 * wave))).toBeLessThan(digits);
    }),
    { numRuns: 30 },
  );
});

test('a warm-up rises evenly to the initial rate, and the decay begins behind it', async () => {
  const decay = { initialLearningRate: 1, decaySteps: 4 };
  for (const make of [schedules.linearDecay, schedules.cosineDecay]) {
    for (let count = 0; count < 12; count++) {
      const wanted = count < 5 ? count / 5 : await rateOf(make(decay), count - 5);
      expect(Math.abs((await rateOf(make({ ...decay, warmupSteps: 5 }), count)) - wanted)).toBeLessThan(digits);
    }
  }
  const constant = schedules.constant({ initialLearningRate: 1, warmupSteps: 2 });
  expect(await Promise.all([0, 1, 2, 9].map((count) => rateOf(constant, count)))).toEqual([0, 0.5, 1, 1]);
});

test.each(devices)('an optimizer goes by the number of its updates on $name', async (device) => {
  const learningRate = schedules.linearDecay({ initialLearningRate: 1, decaySteps: 4 });
  const optimizer = optimizers.sgd({ learningRate });
  const weight = new Variable({ name: 'weight', shape: [1] });
  const gradient = new Variable({ name: 'gradient', shape: [1], initial: () => Float32Array.of(-1) });
  const graph = new Graph();
  optimizer.applyGradients(graph, [weight], [graph.read(gradient)]);
  const executable = device.compile(buildProgram(graph));
  const contents: number[] = [];
  for (let i = 0; i < 6; i++) {
    await executable.run(1, { firstStep: i });
    contents.push((await weight.read(device))[0]!);
  }
  expect(contents).toEqual([1, 1.75, 2.25, 2.5, 2.5, 2.5]);
});

test('a schedule by its options is the one that was made', () => {
  const made = schedules.cosineDecay({ initialLearningRate: 0.1, decaySteps: 9, warmupSteps: 2, alpha: 0.5 });
  const optimizer = optimizers.adam({ learningRate: made });
  expect(optimizer.learningRate).toBeNaN();
  expect(toOptimizer(plainOptimizer(optimizer)).getConfig()).toEqual(optimizer.getConfig());
  expect(optimizer.getConfig()).toMatchObject({ learningRate: { name: 'cosineDecay', ...made.options } });
});

test("a schedule of one's own is an object with a name and a rate", async () => {
  class Halving {
    readonly name = 'halving';
    rate = (updates: Parameters<ReturnType<typeof toSchedule>['rate']>[0]) => updates;
  }
  for (const own of [{ name: 'own', rate: (updates: never) => updates }, new Halving()]) {
    expect(optimizers.sgd({ learningRate: own }).schedule).toBe(own);
    expect(await rateOf(own, 3)).toBe(3);
  }
});

describe('what is no schedule is refused', () => {
  const wholes = 'allowed are whole numbers from';
  test.each<[string, () => unknown, string]>([
    [
      'no rate',
      () => schedules.constant({} as never),
      'initialLearningRate is undefined; allowed are finite numbers above 0',
    ],
    [
      'a rate of 0',
      () => schedules.linearDecay({ initialLearningRate: 0, decaySteps: 1 }),
      'initialLearningRate is 0; allowed are finite numbers above 0',
    ],
    [
      'no steps',
      () => schedules.linearDecay({ initialLearningRate: 1 } as never),
      `decaySteps is undefined; ${wholes} 1 on`,
    ],
    [
      'half a step',
      () => schedules.cosineDecay({ initialLearningRate: 1, decaySteps: 0.5 }),
      `decaySteps is 0.5; ${wholes} 1 on`,
    ],
    [
      'a last rate below 0',
      () => schedules.linearDecay({ initialLearningRate: 1, decaySteps: 1, endLearningRate: -1 }),
      'endLearningRate is -1; allowed are finite numbers from 0 on',
    ],
    [
      'an alpha below 0',
      () => schedules.cosineDecay({ initialLearningRate: 1, decaySteps: 1, alpha: -1 }),
      'alpha is -1; allowed are finite numbers from 0 on',
    ],
    [
      'a negative warm-up',
      () => schedules.constant({ initialLearningRate: 1, warmupSteps: -1 }),
      `warmupSteps is -1; ${wholes} 0 on`,
    ],
    [
      'another option',
      () => schedules.constant({ initialLearningRate: 1, decaySteps: 3 } as never),
      'schedules.constant: unknown option "decaySteps"; allowed are initialLearningRate, warmupSteps',
    ],
    [
      'an unknown name',
      () => optimizers.adam({ learningRate: { name: 'step', initialLearningRate: 1 } as never }),
      'unknown schedule "step"; allowed are constant, linearDecay, cosineDecay',
    ],
    [
      'a name without options',
      () => optimizers.adam({ learningRate: { name: 'constant' } as never }),
      'initialLearningRate is undefined; allowed are finite numbers above 0',
    ],
    [
      'null',
      () => optimizers.sgd({ learningRate: null as never }),
      'optimizers.sgd: learningRate is null; give it a value, or leave it out',
    ],
    [
      'a list',
      () => optimizers.sgd({ learningRate: [0.1] as never }),
      'learningRate is [0.1]; allowed are finite numbers above 0, and schedules',
    ],
    [
      "one's own without a name",
      () => optimizers.sgd({ learningRate: { rate: (updates: never) => updates } as never }),
      'the name of the schedule is undefined; allowed are texts that are not empty',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(error('CUDA_GAN_VALUE', message));
  });

  test('and a rate beside a schedule', () => {
    const optimizer = optimizers.rmsprop({ learningRate: schedules.constant({ initialLearningRate: 1 }) });
    expect(() => {
      optimizer.learningRate = 0.1;
    }).toThrow(error('CUDA_GAN_STATE', 'the learning rate follows the schedule constant, and cannot be set'));
  });

  test("and one's own whose rate is no number", () => {
    const weight = new Variable({ name: 'weight', shape: [1] });
    for (const [rate, found] of [
      [() => 0.1, '0.1'],
      [(updates: never) => [updates], '[an object]'],
    ] as const) {
      const graph = new Graph();
      const optimizer = optimizers.sgd({ learningRate: { name: 'own', rate: rate as never } });
      expect(() => optimizer.applyGradients(graph, [weight], [graph.read(weight)])).toThrow(
        error('CUDA_GAN_VALUE', `rate of the schedule own returned ${found}; wanted is a scalar`),
      );
    }
  });
});
