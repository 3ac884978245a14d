// The CUDA graphs of several steps: what they are made of, and that their number of steps does not change a bit.
import { afterEach, describe, expect, test } from '@jest/globals';
import type { GraphFigures } from '../../lib/devices/addon.cjs';
import { openCuda } from '../../lib/devices/cuda';
import type { Device, Executable } from '../../lib/devices/device';
import { requireAddon } from '../../lib/devices/native';
import { GAN, layers, Sequential, tensor } from '../../lib/index';
import { assign } from '../../lib/ops/assign';
import { add } from '../../lib/ops/binary';
import { matmul } from '../../lib/ops/matmul';
import { randomNormal } from '../../lib/ops/random-normal';
import { exp, sin } from '../../lib/ops/unary';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import type { Value } from '../../lib/program/value';
import { Variable } from '../../lib/program/variable';
import { smallGan, smallImages } from '../gan/small-gan';
import { emulatedAddon, gpuMissing } from '../support/devices';

const addon = emulatedAddon();
const onEmulator = addon === undefined ? describe.skip : describe;

afterEach(() => {
  delete process.env.CUDA_GAN_DEPENDENT_LAUNCH;
});

const square = (graph: Graph, name: string) => graph.read(new Variable({ name, shape: [8, 8] }));

/** The graph of so many steps of what `record` records. */
function graphOf(record: (graph: Graph) => void, steps = 1) {
  const graph = new Graph();
  record(graph);
  const executable = openCuda(0, 'float32', addon).compile(buildProgram(graph));
  return executable.graph!(steps)!;
}

onEmulator('a graph (skipped on a machine with a GPU where the emulator is not built)', () => {
  test('has a level for each of two products in a row, one for the output and one that counts the steps', () => {
    const { nodes, levels, longestPath } = graphOf((graph) => {
      const x = square(graph, 'x');
      graph.output('y', matmul(matmul(x, x), x));
    });
    expect({ nodes, levels }).toEqual({ nodes: 4, levels: 4 });
    expect(longestPath).toEqual(['matmul', 'matmul', 'record', 'advance']);
  });

  test('has one node for two products that do not depend on each other', () => {
    const record = (graph: Graph, count: number) => {
      for (let i = 0; i < count; i++) graph.output(`y${i}`, matmul(square(graph, `a${i}`), square(graph, `b${i}`)));
    };
    const [one, two] = [1, 2].map((count) => graphOf((graph) => record(graph, count)));
    expect(two).toEqual(one);
    expect(one).toMatchObject({ nodes: 3, levels: 3, parameterBytes: expect.any(Number) });
    // Parameters are launched as a whole, which on some GPUs has at most 4096 bytes.
    expect(one!.parameterBytes).toBeGreaterThan(3 * 1024);
    expect(one!.parameterBytes).toBeLessThanOrEqual(3 * 4096);
  });

  test('draws the random numbers of a step beside what remains of the step before', () => {
    const record = (graph: Graph) => {
      const x = square(graph, 'x');
      assign(x, exp(sin(add(x, randomNormal(graph, [8, 8])))));
    };
    const levels = [1, 2, 4].map((steps) => graphOf(record, steps).levels);
    const ofAStep = levels[0]!;
    expect(levels).toEqual([ofAStep, 2 * ofAStep - 1, 4 * ofAStep - 3]);
  });

  test('of the step of the article has at most 22 levels and 40 nodes', async () => {
    const device = openCuda(0, 'float32', addon);
    const { compile } = device;
    let graph: GraphFigures | undefined;
    device.compile = (program) => {
      graph ??= compile.call(device, program).graph!(1);
      throw new Error('it is looked at, not run');
    };
    const images = tensor(new Uint8Array(32 * 784), [32, 28, 28, 1]);
    await expect(new GAN({ seed: 1, device }).train(images, { steps: 1, batchSize: 32 })).rejects.toThrow('looked at');
    expect(graph!.levels).toBeLessThanOrEqual(22);
    expect(graph!.nodes).toBeLessThanOrEqual(40);
  });

  test('has the steps that need what the one before has made one after the other', () => {
    const levelsOf = (record: (graph: Graph, x: Value) => void) =>
      [1, 4].map((steps) => graphOf((graph) => record(graph, square(graph, 'x')), steps).levels);
    // A product and its place in the variable; a product and its copy, and at the end the count of the steps.
    expect(levelsOf((graph, x) => assign(x, matmul(x, square(graph, 'w'))))).toEqual([2, 8]);
    expect(levelsOf((graph, x) => graph.output('y', matmul(x, x)))).toEqual([3, 9]);
  });
});

const steps = 21; // 16 + 4 + 1

/** Trainings that begin with random numbers: an adversarial one, and a `fit` that drops out and cuts batches. */
const trainings: Record<string, (device: Device) => readonly [weights: readonly Variable[], Promise<unknown>]> = {
  'a GAN'(device) {
    const gan = smallGan({ device });
    const weights = [gan.generator, gan.discriminator].flatMap((model) => model.weights);
    return [weights, gan.train(smallImages(), { steps, batchSize: 6 })];
  },
  'a classifier with dropout'(device) {
    const model = new Sequential({
      layers: [
        layers.dense({ units: 8, activation: 'relu', inputShape: [6] }),
        layers.dropout({ rate: 0.4 }),
        layers.dense({ units: 3, activation: 'softmax' }),
      ],
      seed: 4,
    });
    model.device = device;
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    const x = tensor(
      Float32Array.from({ length: 6 * 4 * steps }, (_, i) => Math.sin(i)),
      [4 * steps, 6],
    );
    const y = tensor(
      Int32Array.from({ length: 4 * steps }, (_, i) => i % 3),
      [4 * steps],
    );
    return [model.weights, model.fit(x, y, { epochs: 1, batchSize: 4 })];
  },
};

/** The step of a training that begins on this device: the first program that it compiles. The training itself runs nothing. */
async function stepOf(device: Device, train: (device: Device) => Promise<unknown>): Promise<Executable> {
  const compile = device.compile.bind(device);
  const compiled: Executable[] = [];
  device.compile = (program) => {
    compiled.push(compile(program));
    return { run: () => Promise.reject(new Error('compiled')), dispose: () => undefined };
  };
  await expect(train(device)).rejects.toThrow('compiled');
  return compiled[0]!;
}

/** The outputs of the steps of a training, and its weights after them, when `most` steps are asked for at a time. */
async function trained(training: string, most: number, on = addon) {
  const device = openCuda(0, 'float32', on);
  let weights: readonly Variable[] = [];
  const step = await stepOf(device, () => {
    const [weightsOfIt, work] = trainings[training]!(device);
    weights = weightsOfIt;
    return work;
  });
  const outputs: unknown[] = [];
  for (let done = 0; done < steps; done += most) {
    const run = await step.run(Math.min(most, steps - done), { firstStep: 7 + done });
    outputs.push(...Array.from({ length: run.steps }, (_, i) => [...run.outputs].map(([name, all]) => [name, all[i]])));
  }
  return { outputs, weights: await Promise.all(weights.map((weight) => weight.read(device))) };
}

onEmulator("the article's step at a batch of 32", () => {
  test('has few levels, and fewer in a graph of 16 steps', async () => {
    const images = tensor(new Uint8Array(32 * 28 * 28), [32, 28, 28, 1]);
    const step = await stepOf(openCuda(0, 'float32', addon), (device) =>
      new GAN({ seed: 1, device }).train(images, { steps: 1, batchSize: 32 }),
    );
    expect(step.graph!(1)!.levels).toBeLessThanOrEqual(22);
    expect(step.graph!(16)!.levels / 16).toBeLessThanOrEqual(19);
  });
});

onEmulator('graphs of 1, 4 and 16 steps', () => {
  test.each(Object.keys(trainings))('train %s to the same bits', async (training) => {
    const oneByOne = await trained(training, 1);
    expect(oneByOne.outputs).toHaveLength(steps);
    expect(await trained(training, 4)).toEqual(oneByOne);
    expect(await trained(training, steps)).toEqual(oneByOne);
  });
});

const devices = [
  ...(addon === undefined ? [] : [{ label: 'the emulator', on: addon }]),
  ...(gpuMissing === undefined ? [{ label: 'the GPU', on: requireAddon() }] : []),
];
describe.each(devices)('dependent launch on $label', ({ on }) => {
  test.each(Object.keys(trainings))('trains %s to the same bits', async (training) => {
    const ordinary = await trained(training, steps, on);
    process.env.CUDA_GAN_DEPENDENT_LAUNCH = '1';
    expect(await trained(training, steps, on)).toEqual(ordinary);
  });
});
