// Random translation: in training, moves every image by whole pixels of its own.
import { numberFromTo } from '../checks.js';
import { concat, randomIntegers, translate2d } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { type CallOptions, Layer, type LayerConfig, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';
import { channelsOfImages } from './window-options.js';

export interface RandomTranslationOptions extends LayerOptions {
  /** Up or down by this share of the height at most, from 0 to 1. */
  readonly heightFactor: number;
  /** Left or right by this share of the width at most, from 0 to 1. */
  readonly widthFactor: number;
}

const optionNames: OptionNames<RandomTranslationOptions> = {
  heightFactor: true,
  widthFactor: true,
  ...layerOptionNames,
};

/** @internal */
export class RandomTranslation extends Layer {
  static override readonly className = 'RandomTranslation';
  readonly #heightFactor: number;
  readonly #widthFactor: number;

  constructor(options: RandomTranslationOptions) {
    const { heightFactor, widthFactor, ...base } = checkOptions('layers.randomTranslation', options, optionNames);
    super(base);
    this.#heightFactor = numberFromTo('heightFactor', heightFactor, 0, 1);
    this.#widthFactor = numberFromTo('widthFactor', widthFactor, 0, 1);
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    channelsOfImages('randomTranslation', inputShape);
    return inputShape;
  }

  override call([x]: readonly [Value], { training }: CallOptions): Value {
    const [batch, height, width] = x.shape as [number, number, number];
    const reaches = [Math.round(this.#heightFactor * height), Math.round(this.#widthFactor * width)];
    if (!training || reaches.every((reach) => reach === 0)) return x;
    const offsets = reaches.map((reach) => randomIntegers(x.graph, [batch, 1], reach + 1, { low: -reach }));
    return translate2d(x, concat(offsets, 1));
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), heightFactor: this.#heightFactor, widthFactor: this.#widthFactor };
  }
}

registerClass(RandomTranslation);
