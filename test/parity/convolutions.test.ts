// Convolutions of small whole numbers, whose sums are exact in float32 and whose factors no precision of the cuda device
// rounds. Every shape of tile, every way to copy panels and every cut of a deep sum must give the numbers of the reference.
import { describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/devices/device';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { conv2dAt } from '../../lib/ops/conv2d';
import { type Conv2dOptions, conv2dGeometry } from '../../lib/ops/conv2d-geometry';
import { conv2dInputGradient } from '../../lib/ops/conv2d-input-gradient';
import { conv2dKernelGradient } from '../../lib/ops/conv2d-kernel-gradient';
import { RandomStream } from '../../lib/random/random-stream';
import { type Shape, sizeOf, type Tensor } from '../../lib/tensor';
import { cpuDevices, cudaDevices, noteMissingGpu } from '../support/devices';
import { type Build, run } from '../support/run';

noteMissingGpu();

const devices = [...cpuDevices(), ...cudaDevices()];
const tensorCores = cudaDevices('tf32').map(({ label, device }) => ({ label: `${label}, tf32`, device }));

const random = new RandomStream(9, 0);
const wholeNumbers = (shape: Shape): Tensor => ({
  shape,
  data: Float32Array.from({ length: sizeOf(shape) }, () => random.integer(7) - 3),
});

interface Convolution extends Conv2dOptions {
  readonly x: Shape;
  readonly kernel: Shape;
}

const convolutions: Readonly<Record<string, Convolution>> = {
  'one channel to many': { x: [2, 14, 14, 1], kernel: [5, 5, 1, 64], strides: 2, padding: 'same' },
  'three channels to a few': { x: [2, 9, 11, 3], kernel: [3, 4, 3, 20] },
  'many channels to one': { x: [2, 8, 8, 40], kernel: [5, 5, 40, 1], padding: 'same' },
  'many channels to three': { x: [3, 9, 8, 40], kernel: [4, 4, 40, 3], strides: 2, padding: 'same' },
  'many channels to three of each group': { x: [2, 6, 7, 16], kernel: [3, 3, 8, 6], groups: 2, dilations: 2 },
  'deep sums to few channels and places': { x: [1, 5, 4, 512], kernel: [4, 4, 512, 2] },
  'three channels to many, two places apart': { x: [5, 13, 12, 3], kernel: [5, 4, 3, 36], strides: 2, padding: 'same' },
  'many channels to many, two places apart': { x: [3, 8, 8, 36], kernel: [4, 4, 36, 68], strides: 2, padding: 'same' },
  'deep sums for many places': { x: [5, 12, 12, 40], kernel: [3, 3, 40, 68], strides: 2, padding: 'same' },
  'many channels that are no whole quads': { x: [2, 7, 6, 35], kernel: [3, 3, 35, 66], padding: 'same' },
  'places of a line of the cache': { x: [3, 23, 22, 16], kernel: [3, 3, 16, 16], padding: 'same' },
  'places of a line of the cache, small images of which the last line is not met': {
    x: [7, 9, 9, 16],
    kernel: [2, 2, 16, 16],
    strides: 2,
  },
  'fewer channels to as many as two vectors have': { x: [5, 7, 8, 11], kernel: [3, 3, 11, 32], padding: 'same' },
  'channels of eight to as many': { x: [5, 7, 8, 8], kernel: [3, 3, 8, 8], padding: 'same' },
  'neighbouring taps of few channels': { x: [3, 9, 29, 20], kernel: [3, 5, 20, 12], padding: 'same' },
  'three neighbouring taps, a line in several parts': { x: [2, 6, 33, 16], kernel: [3, 3, 16, 7], padding: 'same' },
  'the same in groups': { x: [2, 6, 12, 36], kernel: [3, 3, 18, 20], padding: 'same', groups: 2 },
  'taps beyond both ends of a line': { x: [3, 5, 2, 18], kernel: [3, 7, 18, 9], padding: 'same' },
  'an even number of taps and no padding': { x: [2, 8, 19, 17], kernel: [2, 4, 17, 16] },
  'few channels, strides longer than a vector': {
    x: [2, 23, 26, 5],
    kernel: [3, 6, 5, 9],
    strides: [2, 4],
    padding: 'same',
  },
  'few channels, strides beyond the kernel': { x: [2, 11, 23, 3], kernel: [2, 2, 3, 9], strides: [3, 5] },
  'few channels, more padding than strides': { x: [3, 6, 21, 3], kernel: [7, 9, 3, 8], padding: 'same' },
  'few channels, places apart': { x: [2, 9, 17, 3], kernel: [2, 3, 3, 8], dilations: [1, 2] },
  'one channel, places that no window meets': { x: [2, 10, 20, 1], kernel: [3, 2, 1, 12], strides: [2, 3] },
  'strides beyond the kernel': { x: [2, 11, 12, 9], kernel: [2, 2, 9, 10], strides: [3, 5] },
  'strides and dilations that share a factor': {
    x: [2, 17, 19, 8],
    kernel: [3, 3, 8, 9],
    strides: [4, 6],
    dilations: [2, 4],
  },
  'strides and dilations that share none': {
    x: [2, 17, 19, 8],
    kernel: [3, 4, 8, 9],
    strides: [2, 3],
    dilations: [3, 2],
    padding: 'same',
  },
  'groups of many channels': { x: [2, 9, 9, 36], kernel: [3, 3, 12, 48], groups: 3, strides: 2, padding: 'same' },
  'groups of one channel and many outputs': { x: [2, 9, 9, 3], kernel: [3, 3, 1, 27], groups: 3 },
  depthwise: { x: [3, 13, 14, 40], kernel: [3, 3, 1, 40], groups: 40, strides: 2, padding: 'same' },
  'depthwise with two outputs a channel': { x: [2, 30, 31, 5], kernel: [3, 2, 1, 10], groups: 5, dilations: 2 },
};

/** Too large for tensor cores on the emulator. */
const largeConvolutions: Readonly<Record<string, Convolution>> = {
  'more places than a piece of the sum': { x: [5, 20, 20, 8], kernel: [3, 3, 8, 12], padding: 'same' },
  'lines of a large image that share lines of their patches': {
    x: [2, 41, 37, 7],
    kernel: [3, 5, 7, 17],
    padding: 'same',
  },
  'the same with few channels, two places apart': {
    x: [2, 90, 70, 3],
    kernel: [5, 4, 3, 20],
    strides: 2,
    padding: 'same',
  },
  'lines of taps deeper than a block of the sum': { x: [1, 2, 200, 24], kernel: [2, 190, 24, 9] },
  'many pieces of a small sum': { x: [2, 54, 54, 3], kernel: [2, 2, 3, 5] },
  'more tiles than multiprocessors': { x: [1, 128, 128, 4], kernel: [1, 1, 4, 36] },
  'the same the other way round': { x: [1, 128, 128, 36], kernel: [1, 1, 36, 4] },
};

async function expectReferencesNumbers(device: Device, { x, kernel, ...options }: Convolution): Promise<void> {
  const geometry = conv2dGeometry([x[1]!, x[2]!], [kernel[0]!, kernel[1]!], options);
  const y = [x[0]!, ...geometry.outputSize, kernel[3]!];
  const inputs = [wholeNumbers(x), wholeNumbers(kernel), wholeNumbers(y)];
  const build: Build = ([images, weights, dy]) => [
    conv2dAt(images!, weights!, geometry),
    conv2dInputGradient(dy!, weights!, geometry),
    conv2dKernelGradient(images!, dy!, geometry),
  ];
  const wanted = await run(new ReferenceDevice(), inputs, build);
  const found = await run(device, inputs, build);
  found.forEach((values, i) => {
    expect(values.length).toBe(wanted[i]!.length);
    expect(Array.from(values).findIndex((value, at) => value !== wanted[i]![at])).toBe(-1);
  });
}

describe.each([...devices, ...tensorCores])('on $label', ({ device }) => {
  test.each(Object.entries(convolutions))('%s', (_, convolution) => expectReferencesNumbers(device, convolution));
});

describe.each(devices)('on $label, large', ({ device }) => {
  test.each(Object.entries(largeConvolutions))('%s', (_, convolution) => expectReferencesNumbers(device, convolution));
});
