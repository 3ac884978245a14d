// Minibatch standard deviation (Karras et al., Progressive Growing of GANs, 2018): appends a channel that says how much
// the samples of a group differ, so that a discriminator sees a generator that has collapsed.
import { wholeNumber } from '../checks.js';
import { affine, broadcastTo, concat, mean, reshape, sqrt, square, subtract } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { type Shape, sizeOf } from '../tensor.js';
import { Layer, type LayerConfig, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';
import { channelsOfImages } from './window-options.js';

/** What `layers.minibatchStdDev` takes. */
export interface MinibatchStdDevOptions extends LayerOptions {
  /** Samples that are compared; the largest number up to it that divides the batch. Default 4. */
  readonly groupSize?: number | undefined;
}

const optionNames: OptionNames<MinibatchStdDevOptions> = { groupSize: true, ...layerOptionNames };

/** Keeps the slope of the root finite where all samples are alike. @internal */
export const epsilon = 1e-8;

/** @internal */
export class MinibatchStdDev extends Layer {
  static override readonly className = 'MinibatchStdDev';
  /** Of the options. */
  readonly groupSize: number;

  constructor(options?: MinibatchStdDevOptions) {
    const { groupSize = 4, ...base } = checkOptions('layers.minibatchStdDev', options, optionNames);
    super(base);
    this.groupSize = wholeNumber('groupSize', groupSize, 1);
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    const channels = channelsOfImages('minibatchStdDev', inputShape);
    return [inputShape[0]!, inputShape[1]!, channels + 1];
  }

  /** Neighbouring samples of a batch are in different groups: sample i is in group i mod (batch / group size). */
  override call([x]: readonly [Value]): Value {
    const [batch, height, width] = x.shape as [number, number, number, number];
    const members = largestDivisor(batch, this.groupSize);
    const groups = batch / members;
    const samples = reshape(x, [members, groups, sizeOf(x.shape.slice(1))]);
    const centered = subtract(samples, mean(samples, [0]));
    const deviations = sqrt(affine(mean(square(centered), [0]), 1, epsilon));
    const ofGroup = reshape(mean(deviations, [1]), [1, groups, 1]);
    const ofSample = reshape(broadcastTo(ofGroup, [members, groups, 1]), [batch, 1, 1, 1]);
    return concat([x, broadcastTo(ofSample, [batch, height, width, 1])], 3);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), groupSize: this.groupSize };
  }
}

registerClass(MinibatchStdDev);

function largestDivisor(number: number, most: number): number {
  let divisor = Math.min(number, most);
  while (number % divisor !== 0) divisor--;
  return divisor;
}
