// Every fused op, as the ops that a device makes it of.
import { activation } from '../../lib/ops/activation';
import { activationGradient } from '../../lib/ops/activation-gradient';
import { adamOp } from '../../lib/ops/adam';
import { affine } from '../../lib/ops/affine';
import { batchNorm } from '../../lib/ops/batch-norm';
import { batchNormGradient } from '../../lib/ops/batch-norm-gradient';
import { add, divide, equal, greater, maximum, minimum, multiply, subtract } from '../../lib/ops/binary';
import { binaryCrossentropy } from '../../lib/ops/binary-crossentropy';
import { binaryCrossentropyGradient } from '../../lib/ops/binary-crossentropy-gradient';
import { conv2dAt } from '../../lib/ops/conv2d';
import { conv2dInputGradient } from '../../lib/ops/conv2d-input-gradient';
import { conv2dKernelGradient } from '../../lib/ops/conv2d-kernel-gradient';
import { dropoutOp } from '../../lib/ops/dropout';
import { fill } from '../../lib/ops/fill';
import { matmul } from '../../lib/ops/matmul';
import { normalize } from '../../lib/ops/normalize';
import { mean, sum } from '../../lib/ops/sum';
import { abs, cos, erf, exp, floor, log, sign, sin, sqrt } from '../../lib/ops/unary';
import { apply } from '../../lib/program/op';
import type { Value } from '../../lib/program/value';
import type { Shape } from '../../lib/tensor';
import { convolution, sumOfProducts } from './image-cases';
import { activationOf, type Case, type Inputs, type Sample, u } from './op-cases';

const updateByAdam = (inputs: readonly Value[]) => apply(adamOp, inputs, { beta1: 0.5, beta2: 0.999, epsilon: 1e-7 });

type Dimensions = readonly [number, number, number];

function matmulAdamCase(
  [rows, depth, columns]: Dimensions,
  [transposeA, transposeB]: readonly [boolean, boolean],
  random: Inputs,
): Sample {
  return {
    inputs: [
      random.floats([rows, columns]),
      random.floats([rows, columns]),
      random.positive([rows, columns]),
      random.floats(transposeA ? [depth, rows] : [rows, depth]),
      random.floats(transposeB ? [columns, depth] : [depth, columns]),
      random.integers([], 1, 50),
      { shape: [], data: Float32Array.of(0.01) },
    ],
    build: ([p, m, v, x, y, t, rate]) =>
      updateByAdam([p!, m!, v!, matmul(x!, y!, { transposeA, transposeB }), t!, rate!]),
    // The gradient errs by e = 4 depth² u at worst, m by half of that, v by 0.002 |gradient| e with |gradient| ≤ 4 depth.
    relative: 16 * u,
    absolute: 4 * depth * depth * u * (1 + 0.008 * depth),
  };
}

function batchNormActivationCase([a, b, c]: Dimensions, seed: number, random: Inputs): Sample {
  const [kind, alpha] = activationOf(seed);
  return {
    inputs: [random.floats([a, b, c]), random.floats([c]), random.floats([c])],
    build: ([x, gamma, beta]) => {
      const { y, mean, variance } = batchNorm(x!, gamma!, beta!, 1e-3);
      return [activation(y, kind, alpha), mean, variance];
    },
    relative: 32 * u,
    // As for batchNorm; slopes are at most 2.
    absolute: (a * b * u * 2 + 16 * u) * 64,
  };
}

/**
 * The second half of x's rows is the first with the other sign, so that the mean is 0 and the normalised x at least 0.05 / 2 and
 * at most 2 / 0.05 in size. Beta is 0 or ±100, so that gamma · it + beta keeps away from 0, where slopes jump.
 */
function batchNormActivationGradientCase([a, b, c]: Dimensions, seed: number, random: Inputs): Sample {
  const [kind, alpha] = activationOf(seed);
  const { data } = random.floats([a, b, c]);
  const betas = random.floats([c]).data;
  return {
    inputs: [
      { shape: [2 * a, b, c], data: Float32Array.of(...data, ...data.map((value) => -value)) },
      random.floats([c]),
      { shape: [c], data: Float32Array.from(betas, (value, i) => (i % 3 === 0 ? 100 * Math.sign(value) : 0)) },
      random.floats([2 * a, b, c]),
    ],
    build: ([x, gamma, beta, dy]) => {
      const { y, mean, variance } = batchNorm(x!, gamma!, beta!, 1e-3);
      const slope = activationGradient(dy!, activation(y, kind, alpha), { kind, alpha });
      return batchNormGradient(x!, gamma!, mean, variance, slope, { epsilon: 1e-3 });
    },
    relative: 32 * u,
    // As for batchNormGradient; slopes are at most 2, and change at most twice as much as y, which errs as much.
    absolute: (2 * a * b * u * 4 + 16 * u) * 32 * 32 * 4,
  };
}

/** Gradients of losses with respect to logits of n rows: cross-entropy, least squares, and softplus of what is below a threshold. */
const lossGradients: readonly ((z: Value, n: number) => Value)[] = [
  (z, n) => activationGradient(fill(z.graph, z.shape, 1 / n), activation(affine(z, -1, 0.5), 'softplus'), softplus),
  (z, n) => binaryCrossentropyGradient(fill(z.graph, z.shape, 1 / n), z, fill(z.graph, z.shape, 0.9)),
  (z, n) => {
    const [each, difference] = [fill(z.graph, z.shape, 1 / n), affine(z, 1, -1)];
    return add(multiply(each, difference), multiply(each, difference));
  },
];
const softplus = { kind: 'softplus', alpha: 0 } as const;

function denseLossGradientCase([rows, depth]: readonly [number, number], seed: number, random: Inputs): Sample {
  const [kind, alpha] = activationOf(seed);
  return {
    inputs: [random.probabilities([rows, depth]), random.floats([depth, 1]), random.floats([1])],
    build: ([h, kernel, bias]) => {
      const z = add(matmul(h!, kernel!), bias!);
      const gradient = lossGradients[seed % 3]!(z, rows);
      const dh = matmul(gradient, kernel!, { transposeB: true });
      return [z, gradient, activationGradient(dh, h!, { kind, alpha })];
    },
    relative: 16 * u,
    // As for dense, z errs by 4 depth² u at worst, and is at most 4 depth; the gradient by twice that, and by roundings of what is
    // at most 8 depth + 2. It is multiplied by at most 2, and by a slope of at most 2 that errs by 4 u where it cancels.
    absolute: 4 * (8 * depth * depth * u + 16 * (8 * depth + 2) * u),
  };
}

const unaryFunctions = [abs, cos, erf, exp, floor, log, sign, sin, sqrt];
const binaryFunctions = [add, divide, equal, greater, maximum, minimum, multiply, subtract];

function elementStepsCase(count: number, seed: number, random: Inputs): Sample {
  const [kind, alpha] = activationOf(seed);
  return {
    inputs: [random.positive([count, 1]), random.probabilities([count, 1]), random.positive([])],
    build: ([z, target, number]) => {
      const ofOne = unaryFunctions[seed % 9]!(z!);
      const ofTwo = binaryFunctions[seed % 8]!(z!, number!);
      const h = activation(target!, kind, alpha);
      const slopes = activationGradient(ofOne, h, { kind, alpha });
      const gradient = binaryCrossentropyGradient(fill(z!.graph, z!.shape, 0.5), z!, target!);
      const loss = affine(mean(binaryCrossentropy(z!, target!)), 0.5, 1);
      return [sum(add(ofTwo, slopes)), add(loss, mean(gradient)), gradient, sqrt(ofTwo)];
    },
    relative: 32 * u,
    // Terms are at most 40 + 16, those of two by division, and err by 32 u; slopes of activations by 4 u where they cancel.
    absolute: 56 * (count * count * u + 32 * count * u),
  };
}

/** An activation of a product of two inputs, of so many channels and each a sum of `terms`, that is normalised. */
function normalizedCase(
  product: (x: Value, kernel: Value) => Value,
  shapes: readonly Shape[],
  channels: number,
  terms: number,
  seed: number,
  random: Inputs,
): Sample {
  const [kind, alpha] = activationOf(seed);
  return {
    inputs: [
      ...shapes.map((shape) => random.floats(shape)),
      ...[1, 2, 3].map(() => random.floats([channels])),
      random.positive([channels]),
    ],
    build: ([x, kernel, gamma, beta, mean, variance]) => {
      const y = normalize(product(x!, kernel!), gamma!, beta!, mean!, variance!, 1e-3);
      return [activation(y, kind, alpha)];
    },
    relative: 32 * u,
    // As for denseNormalize: the sum times a scale of up to 9; terms of 9 · (4 terms + 2) may cancel.
    absolute: 9 * sumOfProducts(terms) + 32 * 9 * (4 * terms + 2) * u,
  };
}

/** Cases by the name of the fused op; `name: what` tells several of one op apart. A device that has no such fusion runs the parts. */
export const fusedCases: Readonly<Record<string, Case>> = {
  batchNormActivation: ({ a, b, c, seed }, random) => batchNormActivationCase([a + 1, b, c], seed, random),
  'batchNormActivation: many rows': ({ a, b, c, seed }, random) =>
    batchNormActivationCase([3 + (b % 2), 380 + a, 1 + (c % 40)], seed, random),
  batchNormActivationGradient: ({ a, b, c, seed }, random) => batchNormActivationGradientCase([a, b, c], seed, random),
  'batchNormActivationGradient: many rows': ({ a, b, c, seed }, random) =>
    batchNormActivationGradientCase([2, 300 + a + b, 1 + (c % 40)], seed, random),
  conv2dActivation: (draw, random) => {
    const { geometry, x, kernel } = convolution(draw);
    const [kind, alpha] = activationOf(draw.seed);
    return {
      inputs: [random.floats(x), random.floats(kernel), random.floats([kernel[3]!])],
      build: ([images, weights, bias]) => [activation(add(conv2dAt(images!, weights!, geometry), bias!), kind, alpha)],
      relative: 16 * u,
      absolute: sumOfProducts(kernel[0]! * kernel[1]! * kernel[2]!) + 16 * u,
    };
  },
  'conv2dActivation: normalized': (draw, random) => {
    const { geometry, x, kernel } = convolution(draw);
    const product = (images: Value, weights: Value) => conv2dAt(images, weights, geometry);
    return normalizedCase(product, [x, kernel], kernel[3]!, kernel[0]! * kernel[1]! * kernel[2]!, draw.seed, random);
  },
  conv2dInputGradientActivation: (draw, random) => {
    const { geometry, x, y, kernel } = convolution(draw);
    const [kind, alpha] = activationOf(draw.seed);
    return {
      inputs: [random.floats(y), random.floats(kernel), random.floats([x[3]!])],
      build: ([dy, weights, bias]) => [
        activation(add(conv2dInputGradient(dy!, weights!, geometry), bias!), kind, alpha),
      ],
      relative: 16 * u,
      absolute: sumOfProducts((kernel[0]! * kernel[1]! * kernel[3]!) / geometry.groups) + 16 * u,
    };
  },
  'conv2dInputGradientActivation: normalized': (draw, random) => {
    const { geometry, x, y, kernel } = convolution(draw);
    const product = (dy: Value, weights: Value) => conv2dInputGradient(dy, weights, geometry);
    const terms = (kernel[0]! * kernel[1]! * kernel[3]!) / geometry.groups;
    return normalizedCase(product, [y, kernel], x[3]!, terms, draw.seed, random);
  },
  conv2dInputGradientActivationGradient: (draw, random) => {
    const { geometry, x, y, kernel } = convolution(draw);
    const [kind, alpha] = activationOf(draw.seed);
    const terms = (kernel[0]! * kernel[1]! * kernel[3]!) / geometry.groups;
    return {
      inputs: [random.floats(y), random.floats(kernel), random.probabilities(x)],
      build: ([dy, weights, h]) => [
        activationGradient(conv2dInputGradient(dy!, weights!, geometry), h!, { kind, alpha }),
      ],
      relative: 16 * u,
      // As for matmulActivationGradient.
      absolute: 2 * sumOfProducts(terms) + 16 * terms * u,
    };
  },
  conv2dKernelGradientAdam: (draw, random) => {
    const { geometry, x, y, kernel } = convolution(draw);
    const terms = y[0]! * y[1]! * y[2]!;
    return {
      inputs: [
        random.floats(kernel),
        random.floats(kernel),
        random.positive(kernel),
        random.floats(x),
        random.floats(y),
        random.integers([], 1, 50),
        { shape: [], data: Float32Array.of(0.01) },
      ],
      build: ([p, m, v, images, dy, t, rate]) =>
        updateByAdam([p!, m!, v!, conv2dKernelGradient(images!, dy!, geometry), t!, rate!]),
      // As for matmulAdam.
      relative: 16 * u,
      absolute: sumOfProducts(terms) * (1 + 0.008 * terms),
    };
  },
  dense: ({ a, b, c, seed }, random) => {
    const [kind, alpha] = activationOf(seed);
    return {
      inputs: [random.floats([a, b]), random.floats([b, c]), random.floats([c])],
      build: ([x, kernel, bias]) => [activation(add(matmul(x!, kernel!), bias!), kind, alpha)],
      relative: 16 * u,
      // The sum of b products below 4, in float32: b u · 4 b at the very worst.
      absolute: 4 * b * b * u + 16 * u,
    };
  },
  denseBatchNorm: ({ a, b, c, seed }, random) => {
    const [kind, alpha] = activationOf(seed);
    return {
      inputs: [random.floats([a + 1, b]), random.floats([b, c]), ...[1, 2, 3].map(() => random.floats([c]))],
      build: ([x, kernel, bias, gamma, beta]) => {
        const h = activation(add(matmul(x!, kernel!), bias!), kind, alpha);
        const { y, mean, variance } = batchNorm(h, gamma!, beta!, 1e-3);
        return [h, y, mean, variance];
      },
      relative: 32 * u,
      // As for dense, h errs by 4 b² u at worst, and is at most 4 b; the mean and the variance of it err by a few times
      // that, and the deviation divides by at least √0.001.
      absolute: (4 * b * b * u + 16 * u) * 32 * (1 + 8 * b),
    };
  },
  denseLossGradient: ({ a, b, seed }, random) => denseLossGradientCase([a, b], seed, random),
  'denseLossGradient: long rows': ({ a, b, c, seed }, random) =>
    denseLossGradientCase([1 + (a % 4), 1024 + b * (c % 4)], seed, random),
  denseNormalize: ({ a, b, c, seed }, random) => {
    const [kind, alpha] = activationOf(seed);
    return {
      inputs: [
        random.floats([a, b]),
        random.floats([b, c]),
        ...[1, 2, 3, 4].map(() => random.floats([c])),
        random.positive([c]),
      ],
      build: ([x, kernel, bias, gamma, beta, mean, variance]) => {
        const h = activation(add(matmul(x!, kernel!), bias!), kind, alpha);
        return [normalize(h, gamma!, beta!, mean!, variance!, 1e-3)];
      },
      relative: 32 * u,
      // As for dense, h errs by 4 b² u + 16 u at worst, times a scale of up to 2 / √0.05 = 9; terms of 9 · (4 b + 4) may cancel.
      absolute: 9 * (4 * b * b * u + 16 * u) + 32 * 9 * (4 * b + 4) * u,
    };
  },
  dropoutActivationGradient: ({ a, b, c, seed }, random) => {
    const [kind, alpha] = activationOf(seed);
    return {
      inputs: [random.floats([a, b, c]), random.probabilities([a, b, c])],
      build: ([dy, y]) => {
        const [dh] = apply(dropoutOp, [dy!], { seed, stream: 1, rate: 0.3 });
        return [activationGradient(dh!, y!, { kind, alpha })];
      },
      relative: 16 * u,
      // Slopes err by 4 u where they cancel, times what is at most 2 / 0.7.
      absolute: 12 * u,
    };
  },
  elementSteps: ({ a, b, seed }, random) => elementStepsCase(a * b, seed, random),
  'elementSteps: as many as are one block': ({ a, b, seed }, random) => elementStepsCase(500 + a * b, seed, random),
  matmulActivationGradient: ({ a, b, c, seed }, random) => {
    const [transposeA, transposeB] = [seed % 2 === 1, seed % 4 > 1];
    const [kind, alpha] = activationOf(seed);
    return {
      inputs: [
        random.floats(transposeA ? [b, a] : [a, b]),
        random.floats(transposeB ? [c, b] : [b, c]),
        random.probabilities([a, c]),
      ],
      build: ([x, y, h]) => [activationGradient(matmul(x!, y!, { transposeA, transposeB }), h!, { kind, alpha })],
      relative: 16 * u,
      // The product errs by 4 b² u; slopes are at most 2, and err by 4 u where they cancel, times a product of up to 4 b.
      absolute: 8 * b * b * u + 16 * b * u,
    };
  },
  matmulAdam: ({ a, b, c, seed }, random) =>
    // Now and then deeper than a block of k.
    matmulAdamCase([a, seed % 5 === 0 ? 8 * b : b, c], [seed % 2 === 1, seed % 4 > 1], random),
  'matmulAdam: one column': ({ a, b, seed }, random) =>
    matmulAdamCase([8 * a, b, 1], [seed % 2 === 1, seed % 4 > 1], random),
  'matmulAdam: the kernel of a layer': ({ a, b, c }, random) =>
    matmulAdamCase([4 * (1 + (a % 20)), b, 4 * c], [true, false], random),
  matmulBatchNormGradient: ({ a, b, c, seed }, random) => {
    const [transposeA, transposeB] = [seed % 2 === 1, seed % 4 > 1];
    const [kind, alpha] = activationOf(seed);
    const rows = a + 1;
    return {
      inputs: [
        random.floats(transposeA ? [b, rows] : [rows, b]),
        random.floats(transposeB ? [c, b] : [b, c]),
        random.probabilities([rows, c]),
        random.floats([c]),
        random.floats([c]),
        random.positive([c]),
      ],
      build: ([p, q, x, gamma, mean, variance]) => {
        const dy = matmul(p!, q!, { transposeA, transposeB });
        const [dh, dgamma, dbeta] = batchNormGradient(x!, gamma!, mean!, variance!, dy, { epsilon: 1e-3 });
        return [activationGradient(dh!, x!, { kind, alpha }), dgamma!, dbeta!];
      },
      relative: 32 * u,
      // dy errs by 4 b² u and is at most 4 b; its sums over the rows err by rows times that, and by their own roundings;
      // h is at most 3 / √0.05 = 14, the scale 2 / √0.05 = 9, the slope 2.
      absolute: 4 * b * (b + rows + 4) * u * 14 * 14 * 9 * 2,
    };
  },
  sumAdam: ({ a, b, c, seed }, random) => {
    // Now and then more rows than are summed at once.
    const length = seed % 3 === 0 ? 5 * b : b;
    const rows = a * length;
    return {
      inputs: [
        random.floats([c]),
        random.floats([c]),
        random.positive([c]),
        random.floats([a, length, c]),
        random.integers([], 1, 50),
        { shape: [], data: Float32Array.of(0.01) },
      ],
      build: ([p, m, v, x, t, rate]) => updateByAdam([p!, m!, v!, sum(x!, [0, 1]), t!, rate!]),
      // As for matmulAdam, with terms below 2 in place of 4.
      relative: 16 * u,
      absolute: 2 * rows * rows * u * (1 + 0.004 * rows),
    };
  },
};
