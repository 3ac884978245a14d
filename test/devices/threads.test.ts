// The number of threads changes how fast the cpu device is, never a bit of a result.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GAN } from '../../lib/index';
import { relu } from '../../lib/ops/activation';
import { adam } from '../../lib/ops/adam';
import { batchNorm } from '../../lib/ops/batch-norm';
import { add } from '../../lib/ops/binary';
import { binaryCrossentropy } from '../../lib/ops/binary-crossentropy';
import { fill } from '../../lib/ops/fill';
import { gradients } from '../../lib/ops/gradients';
import { increment } from '../../lib/ops/increment';
import { matmul } from '../../lib/ops/matmul';
import { movingAverage } from '../../lib/ops/moving-average';
import { randomNormal } from '../../lib/ops/random-normal';
import { mean, sum } from '../../lib/ops/sum';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';
import { RandomStream } from '../../lib/random/random-stream';
import { type Shape, sizeOf, tensor } from '../../lib/tensor';
import { sharingCpu } from '../support/devices';
import { fusedCases } from '../support/fused-cases';
import { imageCases } from '../support/image-cases';
import { draws, opCases, sampleOf } from '../support/op-cases';
import { type Build, run } from '../support/run';

const [single, ...teams] = [1, 2, 3, 7].map(sharingCpu);

/** A network with batch normalisation and Adam, in sizes that no vector, block or number of threads divides. */
function network() {
  const graph = new Graph(5);
  const random = new RandomStream(5, 9);
  const weights: Variable[] = [];
  const state: Variable[] = [];
  const weight = (name: string, shape: Shape) => {
    const initial = () => Float32Array.from({ length: sizeOf(shape) }, () => random.normal() / 10);
    const variable = new Variable({ name, shape, initial });
    weights.push(variable);
    return graph.read(variable);
  };
  const kept = (name: string, shape: Shape, dtype: 'float32' | 'int32' = 'float32') => {
    const variable = new Variable({ name, shape, dtype });
    state.push(variable);
    return variable;
  };

  const x = randomNormal(graph, [67, 101]);
  const hidden = relu(add(matmul(x, weight('kernel', [101, 133])), weight('bias', [133])));
  const normal = batchNorm(hidden, weight('gamma', [133]), weight('beta', [133]), 1e-3);
  movingAverage(graph.read(kept('moving mean', [133])), normal.mean, 0.9);
  movingAverage(graph.read(kept('moving variance', [133])), normal.variance, 0.9);
  const logits = add(matmul(normal.y, weight('last kernel', [133, 1])), weight('last bias', [1]));
  const loss = mean(binaryCrossentropy(logits, fill(graph, logits.shape, 1)));

  const slopes = gradients(
    [loss],
    weights.map((variable) => graph.read(variable)),
  );
  const t = increment(graph.read(kept('t', [], 'int32')));
  weights.forEach((variable, i) => {
    const [m, v] = ['m', 'v'].map((name) => graph.read(kept(`${variable.name} ${name}`, variable.shape)));
    const learningRate = fill(graph, [], 0.01);
    const values = { p: graph.read(variable), m: m!, v: v!, gradient: slopes[i]!, t, learningRate };
    adam(values, { beta1: 0.5, beta2: 0.999, epsilon: 1e-7 });
  });
  graph.output('loss', loss);
  graph.output('columns', sum(normal.y, [0]));
  graph.output('total', sum(hidden));
  return { program: buildProgram(graph, single!), variables: [...weights, ...state] };
}

async function trained(device: typeof single & object) {
  const { program, variables } = network();
  const { outputs } = await device.compile(program).run(3);
  const contents = [];
  for (const variable of variables) contents.push([variable.name, await variable.read(device)] as const);
  return new Map([...outputs, ...contents]);
}

test('training is the same to the bit with 1, 2, 3 and 7 threads', async () => {
  const wanted = await trained(single!);
  expect(wanted.get('loss')!.every(Number.isFinite)).toBe(true);
  for (const device of teams) expect(await trained(device)).toEqual(wanted);
});

/** Bits, so that NaN equals NaN and 0 does not equal -0. */
const bits = (arrays: readonly ArrayLike<number>[]) =>
  arrays.map((array) => Buffer.from((array as Float32Array).buffer).toString('base64'));

const cases = { ...opCases, ...imageCases, ...fusedCases };

test.each(Object.keys(cases))('%s is the same to the bit with 1, 2, 3 and 7 threads', async (name) => {
  await fc.assert(
    fc.asyncProperty(draws, async (draw) => {
      const { inputs, build } = sampleOf(cases[name]!, draw);
      const wanted = bits(await run(single!, inputs, build));
      for (const device of teams) expect(bits(await run(device, inputs, build))).toEqual(wanted);
    }),
    { numRuns: 3, examples: [[{ a: 127, b: 3, c: 100, seed: 4 }]] },
  );
});

test('products of all forms and sizes are the same to the bit with 1, 2, 3 and 7 threads', async () => {
  const size = (most: number) => fc.integer({ min: 1, max: most });
  const shapes = fc.record({
    m: size(300),
    k: size(600),
    n: size(300),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(shapes, async ({ m, k, n, transposeA, transposeB }) => {
      const random = new RandomStream(5, 1);
      const normals = (...shape: [number, number]) =>
        tensor(
          Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
          shape,
        );
      const factors = [transposeA ? normals(k, m) : normals(m, k), transposeB ? normals(n, k) : normals(k, n)];
      const build: Build = ([a, b]) => [matmul(a!, b!, { transposeA, transposeB })];
      const wanted = bits(await run(single!, factors, build));
      for (const device of teams) expect(bits(await run(device, factors, build))).toEqual(wanted);
    }),
    // The last of these is not packed: its factors stream by.
    {
      numRuns: 20,
      examples: [
        [{ m: 300, k: 600, n: 300, transposeA: false, transposeB: true }],
        [{ m: 300, k: 600, n: 32, transposeA: true, transposeB: false }],
      ],
    },
  );
});

test('a step of the DCGAN is the same to the bit with 1, 2, 3 and 8 threads', async () => {
  const images = { shape: [64, 28, 28, 1], data: Uint8Array.from({ length: 64 * 784 }, (_, i) => (i * 7919) % 256) };
  const weightsWith = async (threads: number) => {
    const gan = new GAN({ preset: 'dcgan', seed: 1, device: sharingCpu(threads) });
    await gan.train(images, { steps: 1, batchSize: 8 });
    const weights = [...(await gan.generator.getWeights()), ...(await gan.discriminator.getWeights())];
    gan.dispose();
    return bits(weights.map(({ data }) => data));
  };
  const wanted = await weightsWith(1);
  for (const threads of [2, 3, 8]) expect(await weightsWith(threads)).toEqual(wanted);
});
