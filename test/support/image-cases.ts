// Cases of the ops on images: windows of all kinds, drawn from the seed.
import { averagePool2dAt } from '../../lib/ops/average-pool2d';
import { averagePool2dGradient } from '../../lib/ops/average-pool2d-gradient';
import { conv2dAt } from '../../lib/ops/conv2d';
import { type Conv2dGeometry, conv2dGeometry, conv2dTransposeGeometry } from '../../lib/ops/conv2d-geometry';
import { conv2dInputGradient } from '../../lib/ops/conv2d-input-gradient';
import { conv2dKernelGradient } from '../../lib/ops/conv2d-kernel-gradient';
import { maxPool2dSelect } from '../../lib/ops/max-pool2d';
import { maxPool2dGradient } from '../../lib/ops/max-pool2d-gradient';
import { pool2dGeometry } from '../../lib/ops/pool2d-geometry';
import { type Interpolation, type Resize2dAttributes, resize2dAt } from '../../lib/ops/resize2d';
import { resize2dGradient } from '../../lib/ops/resize2d-gradient';
import { translate2d } from '../../lib/ops/translate2d';
import type { Padding, Pair } from '../../lib/ops/window';
import { RandomStream } from '../../lib/random/random-stream';
import type { Shape } from '../../lib/tensor';
import { type Case, type Draw, u } from './op-cases';

/** Choices that follow from a draw, besides its lengths. */
function choices({ seed }: Draw) {
  const random = new RandomStream(seed, 5);
  const one = <Item>(items: readonly Item[]): Item => items[random.integer(items.length)]!;
  return { one, pair: (items: readonly number[]): Pair => [one(items), one(items)] };
}

/** Draws for finite differences have lengths of at most 4. */
const isSmall = ({ a, b, c }: Draw) => Math.max(a, b, c) <= 4;

interface Convolution {
  readonly geometry: Conv2dGeometry;
  readonly x: Shape;
  readonly kernel: Shape;
  readonly y: Shape;
}

/** A convolution, or the one behind a transposed convolution, of at most some 100000 products. */
export function convolution(draw: Draw): Convolution {
  const { one, pair } = choices(draw);
  const small = isSmall(draw);
  const batch = small ? one([1, 2]) : one([1, 2, 3]);
  const kernelSize = pair(small ? [1, 2, 3] : [1, 2, 3, 4, 5]);
  const strides = pair([1, 1, 2, 3]);
  const dilations = pair([1, 1, 2]);
  const padding = one<Padding>(['same', 'valid']);
  const groups = one([1, 1, 2, 3]);
  const most = small ? 2 : 16;
  const inputs = groups * one([1, 3, 4, 8, 16, 19].filter((count) => count <= most));
  const outputs = groups * one([1, 2, 5, 8, 16, 24, 33].filter((count) => count <= 2 * most));
  const size: Pair = [2 + (draw.a % 10), 2 + (draw.b % 10)];
  const options = { strides, dilations, padding, groups };
  const reach: Pair = [0, 1].map((axis) => (kernelSize[axis]! - 1) * dilations[axis]! + 1) as unknown as Pair;
  const large: Pair = [Math.max(size[0], reach[0]), Math.max(size[1], reach[1])];
  const geometry = one([true, true, false])
    ? conv2dGeometry(large, kernelSize, options)
    : conv2dTransposeGeometry(small ? [2, 2] : size, kernelSize, options);
  return {
    geometry,
    x: [batch, ...geometry.inputSize, inputs],
    kernel: [...kernelSize, inputs / groups, outputs],
    y: [batch, ...geometry.outputSize, outputs],
  };
}

/** What a sum of `terms` products of numbers below 2 errs by at worst, in float32. */
export const sumOfProducts = (terms: number) => 4 * terms * terms * u;

const windows = (draw: Draw) => {
  const { one, pair } = choices(draw);
  const [batch, channels] = isSmall(draw) ? [1, 2] : [one([1, 2]), draw.c];
  const x = { shape: [batch, 3 + (draw.a % 7), 3 + (draw.b % 7), channels], dtype: 'float32' as const };
  const geometry = pool2dGeometry('pool2d', x, {
    windowSize: pair([1, 2, 3]),
    strides: pair([1, 2, 3]),
    padding: one<Padding>(['same', 'valid']),
  });
  return { geometry, x: x.shape, y: [batch, ...geometry.outputSize, channels] };
};

const resizing = (draw: Draw) => {
  const { one } = choices(draw);
  const channels = isSmall(draw) ? 2 : draw.c;
  const attributes: Resize2dAttributes = {
    inputSize: [1 + (draw.a % 5), 1 + (draw.b % 6)],
    outputSize: [1 + (draw.b % 11), 1 + (draw.a % 9)],
    interpolation: one<Interpolation>(['nearest', 'bilinear']),
  };
  const { inputSize, outputSize } = attributes;
  return { attributes, x: [2, ...inputSize, channels], y: [2, ...outputSize, channels] };
};

export const imageCases: Readonly<Record<string, Case>> = {
  averagePool2d: (draw, random) => {
    const { geometry, x } = windows(draw);
    return {
      inputs: [random.floats(x)],
      build: ([images]) => [averagePool2dAt(images!, geometry)],
      differentiable: [0],
      absolute: 2 * 9 * u,
    };
  },
  averagePool2dGradient: (draw, random) => {
    const { geometry, y } = windows(draw);
    return {
      inputs: [random.floats(y)],
      build: ([dy]) => [averagePool2dGradient(dy!, geometry)],
      differentiable: [0],
      absolute: 2 * 81 * u,
    };
  },
  conv2d: (draw, random) => {
    const { geometry, x, kernel } = convolution(draw);
    return {
      inputs: [random.floats(x), random.floats(kernel)],
      build: ([images, weights]) => [conv2dAt(images!, weights!, geometry)],
      differentiable: [0, 1],
      absolute: sumOfProducts(kernel[0]! * kernel[1]! * kernel[2]!),
    };
  },
  conv2dInputGradient: (draw, random) => {
    const { geometry, y, kernel } = convolution(draw);
    return {
      inputs: [random.floats(y), random.floats(kernel)],
      build: ([dy, weights]) => [conv2dInputGradient(dy!, weights!, geometry)],
      differentiable: [0, 1],
      absolute: sumOfProducts((kernel[0]! * kernel[1]! * kernel[3]!) / geometry.groups),
    };
  },
  conv2dKernelGradient: (draw, random) => {
    const { geometry, x, y } = convolution(draw);
    return {
      inputs: [random.floats(x), random.floats(y)],
      build: ([images, dy]) => [conv2dKernelGradient(images!, dy!, geometry)],
      differentiable: [0, 1],
      absolute: sumOfProducts(y[0]! * y[1]! * y[2]!),
    };
  },
  maxPool2d: (draw, random) => {
    const { geometry, x } = windows(draw);
    return {
      inputs: [random.distinct(x), random.floats(x)],
      build: ([images, t]) => [maxPool2dSelect(images!, t!, geometry)],
      differentiable: [1],
    };
  },
  'maxPool2d: of itself': (draw, random) => {
    const { geometry, x } = windows(draw);
    return {
      inputs: [random.distinct(x)],
      build: ([images]) => [maxPool2dSelect(images!, images!, geometry)],
      differentiable: [0],
    };
  },
  'maxPool2d: of equal elements': (draw, random) => {
    const { geometry, x } = windows(draw);
    const { shape, data } = random.integers(x, 0, 2);
    return {
      inputs: [{ shape, data: Float32Array.from(data) }, random.floats(x)],
      build: ([images, t]) => [maxPool2dSelect(images!, t!, geometry)],
    };
  },
  maxPool2dGradient: (draw, random) => {
    const { geometry, x, y } = windows(draw);
    return {
      inputs: [random.distinct(x), random.floats(y)],
      build: ([images, dy]) => [maxPool2dGradient(images!, dy!, geometry)],
      differentiable: [1],
      absolute: 2 * 81 * u,
    };
  },
  resize2d: (draw, random) => {
    const { attributes, x } = resizing(draw);
    return {
      inputs: [random.floats(x)],
      build: ([images]) => [resize2dAt(images!, attributes)],
      differentiable: [0],
      // Places err by few roundings of numbers below 10, and so do the weights; elements are below 2.
      absolute: 4 * 16 * 10 * u,
    };
  },
  resize2dGradient: (draw, random) => {
    const { attributes, y } = resizing(draw);
    return {
      inputs: [random.floats(y)],
      build: ([dy]) => [resize2dGradient(dy!, attributes)],
      differentiable: [0],
      // As for resize2d, in sums of up to all 99 places.
      absolute: 99 * 4 * 16 * 10 * u,
    };
  },
  translate2d: (draw, random) => {
    const channels = isSmall(draw) ? 2 : draw.c;
    const [height, width] = [1 + (draw.a % 7), 1 + (draw.b % 9)];
    return {
      inputs: [random.floats([3, height, width, channels]), random.integers([3, 2], -width - 1, height + 2)],
      build: ([images, offsets]) => [translate2d(images!, offsets!)],
      differentiable: [0],
      relative: 0,
    };
  },
};
