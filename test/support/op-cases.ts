// Every op with random inputs: what the parity and gradient tests run over.
import fc from 'fast-check';
import { type ActivationKind, activation } from '../../lib/ops/activation';
import { activationGradient } from '../../lib/ops/activation-gradient';
import { adamOp } from '../../lib/ops/adam';
import { affine } from '../../lib/ops/affine';
import { argMax } from '../../lib/ops/arg-max';
import { assign } from '../../lib/ops/assign';
import { batchNorm } from '../../lib/ops/batch-norm';
import { batchNormGradient } from '../../lib/ops/batch-norm-gradient';
import { batchRow } from '../../lib/ops/batch-row';
import {
  add,
  type BinaryKind,
  divide,
  equal,
  greater,
  maximum,
  minimum,
  multiply,
  subtract,
} from '../../lib/ops/binary';
import { binaryCrossentropy } from '../../lib/ops/binary-crossentropy';
import { binaryCrossentropyGradient } from '../../lib/ops/binary-crossentropy-gradient';
import { broadcastTo } from '../../lib/ops/broadcast-to';
import { cast } from '../../lib/ops/cast';
import { categoricalCrossentropy } from '../../lib/ops/categorical-crossentropy';
import { concat } from '../../lib/ops/concat';
import { dropout } from '../../lib/ops/dropout';
import { fill } from '../../lib/ops/fill';
import { gather } from '../../lib/ops/gather';
import { increment } from '../../lib/ops/increment';
import { lerp } from '../../lib/ops/lerp';
import { matmul } from '../../lib/ops/matmul';
import { movingAverage } from '../../lib/ops/moving-average';
import { normalize } from '../../lib/ops/normalize';
import { oneHot } from '../../lib/ops/one-hot';
import { pad } from '../../lib/ops/pad';
import { randomIntegers } from '../../lib/ops/random-integers';
import { randomNormal } from '../../lib/ops/random-normal';
import { randomUniform } from '../../lib/ops/random-uniform';
import { reshape } from '../../lib/ops/reshape';
import { reverse } from '../../lib/ops/reverse';
import { rmspropOp } from '../../lib/ops/rmsprop';
import { scatterAdd } from '../../lib/ops/scatter-add';
import { sgdOp } from '../../lib/ops/sgd';
import { slice } from '../../lib/ops/slice';
import { softmax } from '../../lib/ops/softmax';
import { sum } from '../../lib/ops/sum';
import { transpose } from '../../lib/ops/transpose';
import { abs, cos, erf, exp, floor, log, sign, sin, sqrt, type UnaryKind } from '../../lib/ops/unary';
import { apply } from '../../lib/program/op';
import { RandomStream } from '../../lib/random/random-stream';
import { type Shape, sizeOf, type Tensor } from '../../lib/tensor';
import type { Build } from './run';

/** Three dimensions and a seed, from which a case makes its inputs. */
export interface Draw {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly seed: number;
}

export interface Sample {
  readonly inputs: readonly Tensor[];
  readonly build: Build;
  /** Inputs whose gradients are checked. Default: none. */
  readonly differentiable?: readonly number[];
  /**
   * How far a float32 result may be from the exact one: `relative` to the result's size, plus `absolute`. The unit
   * roundoff of float32 is u = 2⁻²⁴. Default: 8 u relative, for a handful of roundings.
   */
  readonly relative?: number;
  readonly absolute?: number;
}

export const u = 2 ** -24;

/** Lengths around the widths of vectors, tiles and blocks. */
const lengths = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 64, 65, 100, 127];

/** Together at most 40000 elements, which keeps the reference device quick. */
export const draws: fc.Arbitrary<Draw> = fc
  .record({
    a: fc.constantFrom(...lengths),
    b: fc.constantFrom(...lengths),
    c: fc.constantFrom(...lengths),
    seed: fc.nat(),
  })
  .filter(({ a, b, c }) => a * b * c <= 40_000);

/** Small enough for finite differences. */
export const smallDraws: fc.Arbitrary<Draw> = fc.record({
  a: fc.integer({ min: 1, max: 4 }),
  b: fc.integer({ min: 1, max: 4 }),
  c: fc.integer({ min: 2, max: 4 }),
  seed: fc.nat(),
});

/** Random inputs. Floats keep away from 0 by 0.05, where some functions have a kink, and below 2 in size. */
export class Inputs {
  readonly #random: RandomStream;
  constructor(seed: number) {
    this.#random = new RandomStream(seed, 0);
  }

  floats(shape: Shape): Tensor {
    const value = () => (0.05 + 1.95 * this.#random.uniform()) * (this.#random.uniform() < 0.5 ? -1 : 1);
    return { shape, data: Float32Array.from({ length: sizeOf(shape) }, value) };
  }

  positive(shape: Shape): Tensor {
    return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => 0.05 + 1.95 * this.#random.uniform()) };
  }

  /** No two alike, and no two closer than 0.01. */
  distinct(shape: Shape): Tensor {
    const order = Array.from({ length: sizeOf(shape) }, (_, i) => ({ i, key: this.#random.uniform() }));
    const data = new Float32Array(order.length);
    order
      .sort((one, other) => one.key - other.key)
      .forEach(({ i }, rank) => {
        data[i] = 0.01 * (rank - order.length / 2);
      });
    return { shape, data };
  }

  probabilities(shape: Shape): Tensor {
    return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => this.#random.uniform()) };
  }

  integers(shape: Shape, low: number, high: number): Tensor {
    const value = () => low + this.#random.integer(high - low);
    return { shape, data: Int32Array.from({ length: sizeOf(shape) }, value) };
  }

  bytes(shape: Shape): Tensor {
    return { shape, data: Uint8Array.from({ length: sizeOf(shape) }, () => this.#random.integer(256)) };
  }
}

export type Case = (draw: Draw, inputs: Inputs) => Sample;

const eachElement =
  (build: Build, options: Partial<Sample> = {}, positive = false): Case =>
  ({ a, b, c }, random) => {
    const x = positive ? random.positive([a, b, c]) : random.floats([a, b, c]);
    return { inputs: [x], build, differentiable: [0], ...options };
  };

/** Two operands of which one is stretched; which one and how depends on the seed. */
const eachPair =
  (build: Build, options: Partial<Sample> = {}): Case =>
  ({ a, b, c, seed }, random) => {
    const pairs: [Shape, Shape][] = [
      [
        [a, b, c],
        [a, b, c],
      ],
      [[a, b, c], [c]],
      [[a, b, c], []],
      [
        [a, 1, c],
        [1, b, 1],
      ],
      [
        [b, 1],
        [a, b, c],
      ],
    ];
    const [left, right] = pairs[seed % pairs.length]!;
    return { inputs: [random.floats(left), random.floats(right)], build, differentiable: [0, 1], ...options };
  };

const activations: readonly (readonly [ActivationKind, number])[] = [
  ['leakyRelu', 0],
  ['leakyRelu', 0.2],
  ['elu', 1],
  ['elu', 0.7],
  ['tanh', 0],
  ['sigmoid', 0],
  ['softplus', 0],
];
export const activationOf = (seed: number) => activations[seed % activations.length]!;

const noGradient = { differentiable: [] };

/** What is left of an angle beside a multiple of π/2 errs by 2⁻³⁴ (native/cpu/core/math.h). */
const angle = { absolute: 2 ** -34 };

const unaryCases: Readonly<Record<UnaryKind, Case>> = {
  abs: eachElement(([x]) => [abs(x!)]),
  cos: eachElement(([x]) => [cos(x!)], angle),
  // Eigen's rational function errs by 7 u.
  erf: eachElement(([x]) => [erf(x!)], { relative: 16 * u }),
  exp: eachElement(([x]) => [exp(x!)]),
  floor: eachElement(([x]) => [floor(x!)], noGradient),
  log: eachElement(([x]) => [log(x!)], { absolute: 2 * u }, true),
  sign: eachElement(([x]) => [sign(x!)], noGradient),
  sin: eachElement(([x]) => [sin(x!)], angle),
  sqrt: eachElement(([x]) => [sqrt(x!)], {}, true),
};

const binaryCases: Readonly<Record<BinaryKind, Case>> = {
  add: eachPair(([a, b]) => [add(a!, b!)]),
  divide: eachPair(([a, b]) => [divide(a!, b!)]),
  equal: ({ a, b }, random) => ({
    inputs: [random.integers([a, b], 0, 3), random.integers([b], 0, 3)].map(({ shape, data }) => ({
      shape,
      data: Float32Array.from(data),
    })),
    build: ([x, y]) => [equal(x!, y!)],
  }),
  greater: eachPair(([a, b]) => [greater(a!, b!)], noGradient),
  maximum: eachPair(([a, b]) => [maximum(a!, b!)]),
  minimum: eachPair(([a, b]) => [minimum(a!, b!)]),
  multiply: eachPair(([a, b]) => [multiply(a!, b!)]),
  subtract: eachPair(([a, b]) => [subtract(a!, b!)]),
};

const byKind = (op: string, cases: Readonly<Record<string, Case>>) =>
  Object.fromEntries(Object.entries(cases).map(([kind, kindCase]) => [`${op}: ${kind}`, kindCase]));

function batchNormCase([a, b, c]: readonly [number, number, number], random: Inputs): Sample {
  return {
    inputs: [random.floats([a, b, c]), random.floats([c]), random.floats([c])],
    build: ([x, gamma, beta]) => {
      const { y, mean, variance } = batchNorm(x!, gamma!, beta!, 1e-3);
      return [y, mean, variance];
    },
    differentiable: a * b <= 100 ? [0, 1, 2] : [],
    relative: 32 * u,
    // Means of n numbers below 2 err by at most n u · 2 in the worst order; four running sums divide that by four. The
    // deviation divides by at least √0.001.
    absolute: (a * b * u * 2 + 16 * u) * 32,
  };
}

function batchNormGradientCase([a, b, c]: readonly [number, number, number], random: Inputs): Sample {
  return {
    inputs: [random.floats([a, b, c]), random.floats([c]), random.floats([a, b, c])],
    build: ([x, gamma, dy]) => {
      const { mean, variance } = batchNorm(x!, gamma!, gamma!, 1e-3);
      return batchNormGradient(x!, gamma!, mean, variance, dy!, { epsilon: 1e-3 });
    },
    relative: 32 * u,
    absolute: (a * b * u * 4 + 16 * u) * 32 * 32,
  };
}

/** Numbers of all sizes and signs up to 10⁹, some of them whole. */
function ofAllSizes(shape: Shape, random: Inputs): Tensor {
  const { data } = random.floats(shape);
  const scales = random.integers(shape, -3, 10).data;
  return { shape, data: Float32Array.from(data, (x, i) => (i % 5 === 0 ? Math.round(x) : x) * 10 ** scales[i]! * 0.5) };
}

/** Cases by op name; `name: what` tells several of one op apart. */
export const opCases: Readonly<Record<string, Case>> = {
  ...byKind('unary', unaryCases),
  'unary: cos and sin of angles of all sizes': ({ a, b, c }, random) => ({
    inputs: [ofAllSizes([a, b, c], random)],
    build: ([x]) => [cos(x!), sin(x!)],
    ...angle,
  }),
  'unary: floor of numbers of all sizes': ({ a, b, c }, random) => ({
    inputs: [ofAllSizes([a, b, c], random)],
    build: ([x]) => [floor(x!)],
    relative: 0,
  }),
  ...byKind('binary', binaryCases),
  activation: ({ a, b, c, seed }, random) => ({
    inputs: [random.floats([a, b, c])],
    build: ([x]) => [activation(x!, ...activationOf(seed))],
    differentiable: [0],
    // Cephes' polynomials are good to about 2 u; e^x - 1 loses another factor of two.
    relative: 16 * u,
  }),
  activationGradient: ({ a, b, c, seed }, random) => {
    const [kind, alpha] = activationOf(seed);
    return {
      inputs: [random.floats([a, b, c]), random.probabilities([a, b, c])],
      build: ([dy, y]) => [activationGradient(dy!, y!, { kind, alpha })],
      differentiable: [0, 1],
      relative: 16 * u,
      // 1 - y² near y = 1 cancels: the error is that of y², u, times |dy| ≤ 2.
      absolute: 4 * u,
    };
  },
  adam: ({ a, b, c }, random) => {
    const shape = [a, b, c];
    return {
      inputs: [
        random.floats(shape),
        random.floats(shape),
        random.positive(shape),
        random.floats(shape),
        random.integers([], 1, 50),
        { shape: [], data: Float32Array.of(0.01) },
      ],
      build: (values) => apply(adamOp, values, { beta1: 0.5, beta2: 0.999, epsilon: 1e-7 }),
      relative: 16 * u,
      // m may cancel: its terms are below 2; p moves by at most lr · 2 / √(1 - β2) · few.
      absolute: 16 * u,
    };
  },
  affine: eachElement(([x]) => [affine(x!, 1.7, -0.3)], { absolute: 4 * u }),
  argMax: eachElement(([x]) => [argMax(x!)], noGradient),
  assign: ({ a, b }, random) => ({
    inputs: [random.floats([a, b]), random.floats([a, b])],
    build: ([variable, value]) => [assign(variable!, value!)],
  }),
  batchNorm: ({ a, b, c }, random) => batchNormCase([a + 1, b, c], random),
  'batchNorm: many rows': ({ a, b, c }, random) => batchNormCase([3 + (b % 2), 380 + a, 1 + (c % 40)], random),
  'batchNorm: many columns': ({ a, c }, random) => ({
    ...batchNormCase([2, 1 + (a % 4), 4096 + 4 * c], random),
    ...noGradient,
  }),
  batchNormGradient: ({ a, b, c }, random) => batchNormGradientCase([a + 1, b, c], random),
  'batchNormGradient: many rows': ({ a, b, c }, random) =>
    batchNormGradientCase([3 + (b % 2), 380 + a, 1 + (c % 40)], random),
  'batchNormGradient: many columns': ({ a, c }, random) =>
    batchNormGradientCase([2, 1 + (a % 4), 4096 + 4 * c], random),
  batchRow: ({ a, b }, random) => ({
    inputs: [random.integers([a, b], -5, 100)],
    build: ([rows]) => [batchRow(rows!)],
  }),
  binaryCrossentropy: ({ a, b }, random) => ({
    inputs: [random.floats([a, b]), random.probabilities([a, b])],
    build: ([logits, targets]) => [binaryCrossentropy(logits!, targets!)],
    differentiable: [0, 1],
    relative: 16 * u,
    absolute: 16 * u,
  }),
  binaryCrossentropyGradient: ({ a, b }, random) => ({
    inputs: [random.floats([a, b]), random.floats([a, b]), random.probabilities([a, b])],
    build: ([dy, logits, targets]) => [binaryCrossentropyGradient(dy!, logits!, targets!)],
    differentiable: [0, 1, 2],
    relative: 16 * u,
    // σ(z) - t may cancel: both err by a few u, times |dy| ≤ 2.
    absolute: 16 * u,
  }),
  broadcastTo: ({ a, b, c, seed }, random) => ({
    inputs: [random.floats([[1, b, 1], [c], [b, 1], []][seed % 4]!)],
    build: ([x]) => [broadcastTo(x!, [a, b, c])],
    differentiable: [0],
  }),
  cast: ({ a, b, c }, random) => ({
    inputs: [random.integers([a, b, c], -(2 ** 24), 2 ** 24 + 1)],
    build: ([x]) => [cast(x!)],
    relative: 0,
  }),
  'cast: of large numbers': ({ a, b, c }, random) => ({
    inputs: [random.integers([a, b, c], -(2 ** 31), 0)],
    build: ([x]) => [cast(x!)],
    relative: u,
  }),
  categoricalCrossentropy: ({ a, b, c }, random) => ({
    inputs: [random.floats([a, b, c]), random.probabilities([a, b, c])],
    build: ([logits, targets]) => [categoricalCrossentropy(logits!, targets!)],
    differentiable: [0, 1],
    relative: 16 * u,
    // c terms, each below ln c + 4.
    absolute: c * 16 * u * 4,
  }),
  concat: ({ a, b, c, seed }, random) => {
    const shapes = [
      [a, b, c],
      [a + 1, b, c],
      [a, b, c + 2],
      [a, b + 3, c],
    ];
    const axis = [0, 2, 1][seed % 3]!;
    return {
      inputs: [random.floats([a, b, c]), random.floats(shapes[[1, 2, 3][seed % 3]!]!)],
      build: ([x, y]) => [concat([x!, y!], axis)],
      differentiable: [0, 1],
    };
  },
  dropout: eachElement(([x]) => [dropout(x!, 0.3)]),
  fill: ({ a, b, c }) => ({ inputs: [], build: (_, graph) => [fill(graph, [a, b, c], 0.1)] }),
  gather: ({ a, b, c }, random) => ({
    inputs: [random.floats([a, c]), random.integers([b], 0, a)],
    build: ([data, indices]) => [gather(data!, indices!, { scale: 0.7, offset: -0.2 })],
    differentiable: [0],
    absolute: 4 * u,
  }),
  'gather: pixels': ({ a, b, c }, random) => ({
    inputs: [random.bytes([a, c, 2]), random.integers([b], -1, a + 1)],
    build: ([data, indices]) => [gather(data!, indices!, { scale: 1 / 127.5, offset: -1 })],
    absolute: 4 * u,
  }),
  'gather: integers': ({ a, b, c }, random) => ({
    inputs: [random.integers([a, c], -9, 9), random.integers([b], -1, a + 1)],
    build: ([data, indices]) => [gather(data!, indices!)],
  }),
  increment: ({ a }, random) => ({
    inputs: [random.integers([a], -3, 1000)],
    build: ([counter]) => [increment(counter!)],
  }),
  lerp: ({ a, b, c, seed }, random) => ({
    inputs: [
      random.floats([a, b, c]),
      random.floats([a, b, c]),
      { shape: [], data: Float32Array.of([0.3, 0.5, 0.999, -0.2][seed % 4]!) },
    ],
    build: ([variable, x, weight]) => [lerp(variable!, x!, weight!)],
    // The difference is below 4 and may cancel what it is added to; 1 - weight errs by u.
    absolute: 16 * u,
  }),
  matmul: ({ a, b, c, seed }, random) => {
    const [transposeA, transposeB] = [seed % 2 === 1, seed % 4 > 1];
    return {
      inputs: [random.floats(transposeA ? [b, a] : [a, b]), random.floats(transposeB ? [c, b] : [b, c])],
      build: ([x, y]) => [matmul(x!, y!, { transposeA, transposeB })],
      differentiable: [0, 1],
      absolute: 4 * b * b * u,
    };
  },
  'matmul: more rows than a batch': ({ a, b, c, seed }, random) => {
    const [transposeA, transposeB] = [seed % 2 === 1, seed % 4 > 1];
    const rows = a + 128;
    return {
      inputs: [random.floats(transposeA ? [b, rows] : [rows, b]), random.floats(transposeB ? [c, b] : [b, c])],
      build: ([x, y]) => [matmul(x!, y!, { transposeA, transposeB })],
      absolute: 4 * b * b * u,
    };
  },
  'matmul: few columns, and deep': ({ a, b, c, seed }, random) => {
    const [transposeA, transposeB] = [seed % 2 === 1, seed % 4 > 1];
    const [rows, depth, columns] = [1 + (a % 20), 1000 + 8 * b + (seed % 3), 1 + (c % 6)];
    return {
      inputs: [
        random.floats(transposeA ? [depth, rows] : [rows, depth]),
        random.floats(transposeB ? [columns, depth] : [depth, columns]),
      ],
      build: ([x, y]) => [matmul(x!, y!, { transposeA, transposeB })],
      // Partial sums of `depth` products of random signs, of about 1.4, stay below 8 √depth, and each is rounded.
      absolute: 8 * depth * Math.sqrt(depth) * u,
    };
  },
  movingAverage: ({ a, b }, random) => ({
    inputs: [random.floats([a, b]), random.floats([a, b])],
    build: ([variable, x]) => [movingAverage(variable!, x!, 0.8)],
    absolute: 8 * u,
  }),
  normalize: ({ a, b, c }, random) => ({
    inputs: [random.floats([a, b, c]), ...[1, 2, 3].map(() => random.floats([c])), random.positive([c])],
    build: ([x, gamma, beta, mean, variance]) => [normalize(x!, gamma!, beta!, mean!, variance!, 1e-3)],
    differentiable: [0, 1, 2, 3, 4],
    // Terms of up to 4 · 2 / √0.05 and 2 may cancel.
    absolute: 160 * u,
  }),
  oneHot: ({ a, b, c }, random) => ({
    inputs: [random.integers([a, b], -1, c + 1)],
    build: ([labels]) => [oneHot(labels!, c)],
  }),
  pad: eachElement(([x]) => [pad(x!, [1, 0, 2], [0, 3, 1])]),
  randomIntegers: ({ a, b, c }) => ({
    inputs: [],
    build: (_, graph) => [
      randomIntegers(graph, [a, b], c),
      randomIntegers(graph, [a, b], 60000),
      randomIntegers(graph, [a, b], c + 1, { low: -c }),
    ],
    relative: 0,
  }),
  randomNormal: ({ a, b, c }) => ({
    inputs: [],
    build: (_, graph) => [randomNormal(graph, [a, b, c], 0.5, 2)],
    // √(-2 ln u) ≤ 5.8, sine and cosine are good to 2 u, and the results are doubled.
    relative: 16 * u,
    absolute: 64 * u,
  }),
  randomUniform: ({ a, b, c }) => ({
    inputs: [],
    build: (_, graph) => [randomUniform(graph, [a, b, c], -1, 3)],
    absolute: 8 * u,
  }),
  reshape: eachElement(([x]) => [reshape(x!, [sizeOf(x!.shape)])]),
  reverse: ({ a, b, c, seed }, random) => ({
    inputs: [random.floats([a, b, c])],
    build: ([x]) => [reverse(x!, [[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2], []][seed % 8]!)],
    differentiable: [0],
    relative: 0,
  }),
  rmsprop: ({ a, b }, random) => ({
    inputs: [
      random.floats([a, b]),
      random.positive([a, b]),
      random.floats([a, b]),
      { shape: [], data: Float32Array.of(0.01) },
    ],
    build: (values) => apply(rmspropOp, values, { rho: 0.9, epsilon: 1e-7 }),
    relative: 16 * u,
  }),
  scatterAdd: ({ a, b, c }, random) => ({
    inputs: [random.floats([b, c]), random.integers([b], 0, a)],
    build: ([x, indices]) => [scatterAdd(x!, indices!, a)],
    differentiable: [0],
    absolute: 2 * b * b * u,
  }),
  sgd: ({ a, b, seed }, random) => ({
    inputs: [
      random.floats([a, b]),
      random.floats([a, b]),
      random.floats([a, b]),
      { shape: [], data: Float32Array.of(0.1) },
    ],
    build: (values) => apply(sgdOp, values, { momentum: 0.9, nesterov: seed % 2 === 1 }),
    relative: 8 * u,
    absolute: 8 * u,
  }),
  slice: ({ a, b, c }, random) => ({
    inputs: [random.floats([a + 1, b + 2, c + 3])],
    build: ([x]) => [slice(x!, [1, 0, 2], [a, b, c])],
    differentiable: [0],
  }),
  softmax: eachElement(([x]) => [softmax(x!)], { relative: 64 * u }),
  sum: ({ a, b, c, seed }, random) => {
    const axes = [[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2], []][seed % 8]!;
    const count = axes.reduce((product, axis) => product * [a, b, c][axis]!, 1);
    return {
      inputs: [random.floats([a, b, c])],
      build: ([x]) => [sum(x!, axes)],
      differentiable: [0],
      absolute: 2 * count * Math.min(count, 2048) * u,
    };
  },
  transpose: ({ a, b, c, seed }, random) => {
    const permutation = [
      [0, 2, 1],
      [1, 0, 2],
      [2, 1, 0],
      [1, 2, 0],
    ][seed % 4]!;
    return {
      inputs: [random.floats([a, b, c])],
      build: ([x]) => [transpose(x!, permutation)],
      differentiable: [0],
    };
  },
};

/** The sample that a case makes of `draw`. */
export function sampleOf(sampleCase: Case, draw: Draw): Sample {
  return sampleCase(draw, new Inputs(draw.seed));
}
