// Optimizers with decay and clipping, over six updates of two weights, held to Keras (test/golden/make_keras_optimizers.py).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/devices/device';
import { createDevice } from '../../lib/devices/select';
import { type OptimizerName, type PlainOptimizer, toOptimizer } from '../../lib/optimizers/index';
import { plainOptimizer } from '../../lib/optimizers/plain';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';
import { cudaDevices } from '../support/devices';
import { error } from '../support/errors';
import { floats, type Golden, mismatches, u } from '../support/keras';

const golden = JSON.parse(readFileSync(join(__dirname, '../golden/keras-optimizers.json'), 'utf8')) as {
  readonly weights: readonly Golden[];
  readonly gradients: readonly (readonly Golden[])[];
  readonly cases: readonly {
    readonly optimizer: OptimizerName;
    readonly options: object;
    readonly after: readonly (readonly Golden[])[];
  }[];
};

const devices: Device[] = [
  createDevice('cpu', { threads: 1 }),
  createDevice('reference'),
  ...cudaDevices().map(({ device }) => device),
];

/**
 * The weights start below 2 in size. Six updates round the sum of weight and step, and the decay before it, in either
 * package: 24 roundings of numbers of the size of start and end together; the few of a step, which is smaller, are among them.
 */
const tolerance = (wanted: number) => 24 * u * (2 + Math.abs(wanted));

/** Weights that `optimizer` moves together. */
function descent(optimizer: PlainOptimizer, device: Device) {
  const variables = (name: string, filled: boolean) =>
    golden.weights.map(
      (weight, i) =>
        new Variable({
          name: `${name}${i}`,
          shape: weight.shape,
          ...(filled && { initial: () => floats(weight).data }),
        }),
    );
  const [weights, gradients] = [variables('weight', true), variables('gradient', false)];
  const made = toOptimizer(optimizer);
  const graph = new Graph(1);
  made.applyGradients(
    graph,
    weights,
    gradients.map((gradient) => graph.read(gradient)),
  );
  const executable = device.compile(buildProgram(graph, device));
  const state = () => made.variables(weights);
  const update = async (along: readonly Golden[]) => {
    await Promise.all(gradients.map((gradient, i) => gradient.write(floats(along[i]!).data, device)));
    await executable.run(1);
    return Promise.all(weights.map((weight) => weight.read(device)));
  };
  return { update, state };
}

describe.each(devices.map((device) => [device.name, device] as const))('on %s', (_, device) => {
  test.each(golden.cases.map((item) => [item.optimizer, JSON.stringify(item.options), item] as const))(
    '%s with %s equals Keras after each update',
    async (name, _, { options, after }) => {
      const { update } = descent({ name, ...options }, device);
      for (const [i, gradients] of golden.gradients.entries()) {
        const found = await update(gradients);
        found.forEach((weight, j) => {
          expect(mismatches(weight, after[i]![j]!.data, tolerance)).toEqual([]);
        });
      }
    },
  );
});

test.each(golden.cases)('$optimizer with $options is made again from plain data', ({ optimizer: name, options }) => {
  const plain = plainOptimizer(toOptimizer({ name, ...options } as PlainOptimizer));
  expect(plain).toMatchObject({ name, ...options });
  expect(plainOptimizer(toOptimizer(plain))).toEqual(plain);
});

test('adamW that is told not to decay does not when it is made again', () => {
  const plain = plainOptimizer(toOptimizer({ name: 'adamW', weightDecay: 0 }));
  expect(plainOptimizer(toOptimizer(plain))).toMatchObject({ weightDecay: 0 });
});

test('what an optimizer keeps is known by the names of the weights', () => {
  const kept = (optimizer: PlainOptimizer) =>
    descent(optimizer, devices[0]!)
      .state()
      .map(({ name }) => name);
  expect(kept({ name: 'adam', amsgrad: true, clipNorm: 1 })).toEqual([
    ...['weight0/updates', 'weight0/m', 'weight0/v', 'weight0/v_hat'],
    ...['weight1/m', 'weight1/v', 'weight1/v_hat'],
  ]);
  expect(kept({ name: 'nadam' })).toEqual([
    ...['weight0/updates', 'weight0/momentum_product', 'weight0/m', 'weight0/v'],
    ...['weight1/m', 'weight1/v'],
  ]);
  expect(kept({ name: 'adagrad', weightDecay: 0.1 })).toEqual(['weight0/accumulator', 'weight1/accumulator']);
});

describe('says what is wrong:', () => {
  test.each([
    ['clipNorm and clipValue are given; gradients are clipped in one way only', { clipValue: 1, clipNorm: 1 }],
    ['clipNorm and globalClipNorm are given', { clipNorm: 1, globalClipNorm: 1 }],
    ['clipNorm is 0; allowed are finite numbers above 0', { clipNorm: 0 }],
    ['clipValue is -1; allowed are', { clipValue: -1 }],
    ['globalClipNorm is "1"; allowed are', { globalClipNorm: '1' }],
    ['weightDecay is -0.1; allowed are finite numbers from 0 on', { weightDecay: -0.1 }],
    ['unknown option "clipnorm"; did you mean "clipNorm"?', { clipnorm: 1 }],
  ] as const)('%s', (message, options) => {
    for (const name of ['adagrad', 'adam', 'adamW', 'nadam', 'rmsprop', 'sgd'] as const) {
      expect(() => toOptimizer({ name, ...options } as PlainOptimizer)).toThrow(error('CUDA_GAN_VALUE', message));
    }
  });

  test('a second moment that is no choice', () => {
    expect(() => toOptimizer({ name: 'adam', amsgrad: 'yes' as never })).toThrow(
      error('CUDA_GAN_VALUE', 'amsgrad is "yes"'),
    );
    expect(() => toOptimizer({ name: 'adagrad', initialAccumulatorValue: -1 })).toThrow(
      error('CUDA_GAN_VALUE', 'initialAccumulatorValue is -1; allowed are finite numbers from 0 on'),
    );
  });
});
