// Optimizers over five updates, held to Keras; their options and their state.
import { describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/devices/device';
import { createDevice } from '../../lib/devices/select';
import { optimizers, type Tensor } from '../../lib/index';
import { gradients } from '../../lib/ops/gradients';
import { matmul, sum } from '../../lib/ops/index';
import { type OptimizerName, toOptimizer } from '../../lib/optimizers/index';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';
import { cudaDevices } from '../support/devices';
import { error } from '../support/errors';
import { floats, keras, mismatches, u } from '../support/keras';

const golden = keras.optimizers;
const devices: Device[] = [
  createDevice('cpu', { threads: 1 }),
  createDevice('reference'),
  ...cudaDevices().map(({ device }) => device),
];

/** A weight that `optimizer` moves along the gradients it is given. */
function descent(optimizer: optimizers.Optimizer, start: Tensor, device = devices[0]!) {
  const weight = new Variable({ name: 'weight', shape: start.shape, initial: () => start.data });
  const gradient = new Variable({ name: 'gradient', shape: start.shape });
  const graph = new Graph(1);
  optimizer.applyGradients(graph, [weight], [graph.read(gradient)]);
  const executable = device.compile(buildProgram(graph));
  return async (along: Tensor) => {
    await gradient.write(along.data, device);
    await executable.run(1);
    return weight.read(device);
  };
}

/**
 * A weight starts below 1.1 in size and ends as given, so the terms of its sum are about as large as both together. Five
 * updates round that sum five times in either package, the factors of an update three times more.
 */
const tolerance = (wanted: number) => 13 * u * (1.1 + Math.abs(wanted));

test.each(devices.flatMap((device) => golden.cases.map((item) => ({ ...item, device }))))(
  '$optimizer with $config equals Keras after each update on $device.name',
  async ({ optimizer, config, after, device }) => {
    const update = descent(optimizers[optimizer](config), floats(golden.weight), device);
    for (const [i, gradient] of golden.gradients.entries()) {
      expect(mismatches(await update(floats(gradient)), after[i]!.data, tolerance)).toEqual([]);
    }
  },
);

test.each(golden.cases)('$optimizer with $config keeps its options', ({ optimizer, config }) => {
  expect(optimizers[optimizer](config).getConfig()).toMatchObject(config);
});

test.each(['adagrad', 'adam', 'adamW', 'nadam', 'rmsprop', 'sgd'] as const)(
  '%s by name has the defaults of Keras',
  (name) => {
    expect(toOptimizer(name).getConfig()).toEqual(optimizers[name]().getConfig());
  },
);

test('the learning rate can be changed between updates', async () => {
  const optimizer = optimizers.sgd({ learningRate: 0.5 });
  const one = { shape: [1], data: Float32Array.of(1) };
  const update = descent(optimizer, one);
  expect(await update(one)).toEqual(Float32Array.of(0.5));
  optimizer.learningRate = 0.25;
  expect(optimizer.learningRate).toBe(0.25);
  expect(await update(one)).toEqual(Float32Array.of(0.25));
});

test('has state for every weight, which starts anew after dispose', async () => {
  const optimizer = optimizers.adam();
  const one = { shape: [1], data: Float32Array.of(1) };
  const update = descent(optimizer, one);
  await update(one);
  await update(one);
  expect(optimizer.variables().map(({ name }) => name)).toEqual(['weight/updates', 'weight/m', 'weight/v']);
  const content = () => Promise.all(optimizer.variables().map((variable) => variable.read(devices[0]!)));
  expect((await content())[0]).toEqual(Int32Array.of(2));
  optimizer.dispose();
  expect(await content()).toEqual([Int32Array.of(0), Float32Array.of(0), Float32Array.of(0)]);
});

test('serves several models, each with state of its own', async () => {
  const optimizer = optimizers.adam({ learningRate: 0.5 });
  const one = { shape: [1], data: Float32Array.of(1) };
  const two = { shape: [1], data: Float32Array.of(2) };
  const alone = async () => {
    const update = descent(optimizers.adam({ learningRate: 0.5 }), one);
    return [await update(one), await update(two)];
  };
  const [first, second] = [descent(optimizer, one), descent(optimizer, one)];
  const wanted = await alone();
  expect([await first(one), await second(one), await first(two), await second(two)]).toEqual(
    wanted.flatMap((weight) => [weight, weight]),
  );
});

test('weights decay beside the fused update of adam, and clipping takes the gradient out of it', () => {
  const opsOf = (options: optimizers.AdamOptions) => {
    const graph = new Graph(1);
    const kernel = new Variable({ name: 'kernel', shape: [3, 2] });
    const x = graph.read(new Variable({ name: 'x', shape: [4, 3] }));
    const loss = sum(matmul(x, graph.read(kernel)));
    optimizers.adam(options).applyGradients(graph, [kernel], gradients([loss], [graph.read(kernel)]));
    return buildProgram(graph, devices[0]).instructions.map(({ op }) => op);
  };
  expect(opsOf({})).toEqual(['fill', 'increment', 'matmulAdam']);
  expect(opsOf({ weightDecay: 0.1 })).toEqual(expect.arrayContaining(['lerp', 'matmulAdam']));
  expect(opsOf({ clipNorm: 1 })).toEqual(expect.arrayContaining(['matmul', 'adam']));
});

describe('errors', () => {
  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a learning rate of %d', (learningRate) => {
    const wanted = error('CUDA_GAN_VALUE', `learningRate is ${learningRate}; allowed are finite numbers above 0`);
    for (const make of [optimizers.adam, optimizers.rmsprop, optimizers.sgd]) {
      expect(() => make({ learningRate })).toThrow(wanted);
    }
    const optimizer = optimizers.adam();
    expect(() => {
      optimizer.learningRate = learningRate;
    }).toThrow(wanted);
    expect(optimizer.learningRate).toBe(0.001);
  });

  test.each([-0.1, 1, Number.NaN])('a decay of %d', (decay) => {
    const wanted = (name: string) =>
      error('CUDA_GAN_VALUE', `${name} is ${decay}; allowed are numbers from 0 to below 1`);
    expect(() => optimizers.adam({ beta1: decay })).toThrow(wanted('beta1'));
    expect(() => optimizers.adam({ beta2: decay })).toThrow(wanted('beta2'));
    expect(() => optimizers.rmsprop({ rho: decay })).toThrow(wanted('rho'));
    expect(() => optimizers.sgd({ momentum: decay })).toThrow(wanted('momentum'));
  });

  test.each([0, -1, Number.NaN])('an epsilon of %d', (epsilon) => {
    for (const make of [optimizers.adam, optimizers.rmsprop]) {
      expect(() => make({ epsilon })).toThrow(error('CUDA_GAN_VALUE', `epsilon is ${epsilon}`));
    }
  });

  test('an unknown optimizer lists those there are', () => {
    expect(() => toOptimizer('lion' as OptimizerName)).toThrow(
      error('CUDA_GAN_VALUE', 'unknown optimizer "lion"; allowed are adagrad, adam, adamW, nadam, rmsprop, sgd'),
    );
  });
});
