// When matmul, add and activation become one dense, and when they must not.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDevice } from '../../lib/devices/select';
import { type ActivationKind, activation, relu, tanh } from '../../lib/ops/activation';
import { add } from '../../lib/ops/add';
import { assign } from '../../lib/ops/assign';
import { matmul } from '../../lib/ops/matmul';
import { multiply } from '../../lib/ops/multiply';
import { reshape } from '../../lib/ops/reshape';
import { gradients } from '../../lib/program/gradients';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import type { Value } from '../../lib/program/value';
import { Variable } from '../../lib/program/variable';
import { RandomStream } from '../../lib/random/random-stream';
import type { Shape, Tensor } from '../../lib/tensor';
import { type Build, run, runExact } from '../support/run';

type Layer = (parts: { graph: Graph; x: Value; kernel: Value; bias: Value }) => Record<string, Value>;

/** The ops of a program with x [2, 3], kernel [3, 4] and bias [4]. */
function opsOf(layer: Layer, biasShape: Shape = [4]): string[] {
  const graph = new Graph();
  const read = (name: string, shape: Shape) => graph.read(new Variable({ name, shape }));
  const parts = { graph, x: read('x', [2, 3]), kernel: read('kernel', [3, 4]), bias: read('bias', biasShape) };
  for (const [name, value] of Object.entries(layer(parts))) graph.output(name, value);
  return buildProgram(graph).instructions.map(({ op }) => op);
}

describe('dense is made of', () => {
  test('matmul, bias and activation', () => {
    expect(opsOf(({ x, kernel, bias }) => ({ y: tanh(add(matmul(x, kernel), bias)) }))).toEqual(['dense']);
  });

  test('matmul and bias', () => {
    expect(opsOf(({ x, kernel, bias }) => ({ y: add(matmul(x, kernel), bias) }))).toEqual(['dense']);
  });

  test('bias and matmul, the other way round', () => {
    expect(opsOf(({ x, kernel, bias }) => ({ y: relu(add(bias, matmul(x, kernel))) }))).toEqual(['dense']);
  });

  test('matmul and bias alone, when the sum is wanted beside its activation', () => {
    const ops = opsOf(({ x, kernel, bias }) => {
      const logits = add(matmul(x, kernel), bias);
      return { logits, y: tanh(logits) };
    });
    expect(ops).toEqual(['dense', 'activation']);
  });
});

describe('no dense is made', () => {
  test('when the product is an output', () => {
    const ops = opsOf(({ x, kernel, bias }) => {
      const product = matmul(x, kernel);
      return { product, y: add(product, bias) };
    });
    expect(ops).toEqual(['matmul', 'add']);
  });

  test('when the product has a second reader', () => {
    const ops = opsOf(({ x, kernel, bias }) => {
      const product = matmul(x, kernel);
      return { y: add(product, bias), z: tanh(product) };
    });
    expect(ops).toEqual(['matmul', 'add', 'activation']);
  });

  test('when the product is added to itself', () => {
    const ops = opsOf(({ x, kernel }) => {
      const product = matmul(x, kernel);
      return { y: add(product, product) };
    });
    expect(ops).toEqual(['matmul', 'add']);
  });

  test('when an operand is transposed', () => {
    const ops = opsOf(({ x, kernel, bias }) => ({
      y: add(matmul(x, reshape(kernel, [4, 3]), { transposeB: true }), bias),
    }));
    expect(ops).toEqual(['matmul', 'add']);
  });

  test.each([[[1]], [[1, 4]], [[2, 4]], [[]]])('when the bias has the shape %j', (shape) => {
    expect(opsOf(({ x, kernel, bias }) => ({ y: add(matmul(x, kernel), bias) }), shape)).toEqual(['matmul', 'add']);
  });

  test('when the kernel is updated in between: the product is that of the earlier kernel', () => {
    const ops = opsOf(({ x, kernel, bias }) => {
      const product = matmul(x, kernel);
      assign(kernel, multiply(kernel, kernel));
      return { y: add(product, bias) };
    });
    expect(ops).toEqual(['matmul', 'multiply', 'assign', 'add']);
  });

  test('when fusion is off', () => {
    const graph = new Graph();
    const read = (name: string, shape: Shape) => graph.read(new Variable({ name, shape }));
    graph.output('y', add(matmul(read('x', [2, 3]), read('kernel', [3, 4])), read('bias', [4])));
    const { instructions } = buildProgram(graph, { fusion: false });
    expect(instructions.map(({ op }) => op)).toEqual(['matmul', 'add']);
  });
});

describe('fusion leaves the results as they are', () => {
  const kinds: [ActivationKind, number][] = [
    ['linear', 0],
    ['leakyRelu', 0.2],
    ['elu', 1],
    ['tanh', 0],
    ['sigmoid', 0],
    ['softplus', 0],
  ];
  const layers = fc.record({
    rows: fc.integer({ min: 1, max: 40 }),
    inputs: fc.integer({ min: 1, max: 70 }),
    units: fc.integer({ min: 1, max: 70 }),
    kind: fc.constantFrom(...kinds),
    seed: fc.nat(),
  });
  type DenseLayer = typeof layers extends fc.Arbitrary<infer Item> ? Item : never;

  /** Two layers of the same weights with their gradients, as training has them. */
  function training({ rows, inputs, units, kind, seed }: DenseLayer): { tensors: Tensor[]; build: Build } {
    const random = new RandomStream(seed, 0);
    const floats = (shape: Shape) => {
      const size = shape.reduce((product, dimension) => product * dimension, 1);
      return { shape, data: Float32Array.from({ length: size }, () => random.normal()) };
    };
    return {
      tensors: [floats([rows, inputs]), floats([inputs, units]), floats([units]), floats([rows, units])],
      build: ([x, kernel, bias, weights]) => {
        const y = activation(add(matmul(x!, kernel!), bias!), ...kind);
        return [y, ...gradients([y], [kernel!, bias!], { seeds: [weights] })];
      },
    };
  }

  test('on the reference device, to the bit', async () => {
    await fc.assert(
      fc.asyncProperty(layers, async (layer) => {
        const { tensors, build } = training(layer);
        expect(await runExact(tensors, build)).toEqual(await runExact(tensors, build, { fusion: false }));
      }),
      { numRuns: 30 },
    );
  });

  test('on the cpu device, to the bit: the bias is added after the whole sum in both', async () => {
    const device = createDevice('cpu', { threads: 2 });
    await fc.assert(
      fc.asyncProperty(layers, async (layer) => {
        const { tensors, build } = training(layer);
        expect(await run(device, tensors, build)).toEqual(await run(device, tensors, build, { fusion: false }));
      }),
      { numRuns: 30 },
    );
  });

  test('when a weight is updated between two uses', async () => {
    const tensors = [
      { shape: [1, 2], data: Float32Array.of(1, 2) },
      { shape: [2, 1], data: Float32Array.of(3, -1) },
      { shape: [1], data: Float32Array.of(10) },
    ];
    const build: Build = ([x, kernel, bias]) => {
      const before = matmul(x!, kernel!);
      const moved = assign(kernel!, add(kernel!, kernel!));
      return [add(before, bias!), add(matmul(x!, moved), bias!)];
    };
    for (const fusion of [true, false]) {
      const found = await runExact(tensors, build, { fusion });
      expect(found.map((value) => [...value])).toEqual([[11], [12]]);
    }
  });
});
