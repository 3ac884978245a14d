// Pooling of images: the largest element, or the mean, of every window.
import { oneOf } from '../checks.js';
import { averagePool2d, maxPool2d, type Pool2dOptions } from '../ops/index.js';
import { pool2dGeometry } from '../ops/pool2d-geometry.js';
import { type Padding, type Pair, paddings, pairOf, type WindowWords } from '../ops/window.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { Layer, type LayerConfig, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';
import { channelsOfImages } from './window-options.js';

/** What `layers.maxPooling2d` and `layers.averagePooling2d` take. */
export interface Pooling2DOptions extends LayerOptions {
  /** Height and width of the window. Default 2. */
  readonly poolSize?: number | Pair | undefined;
  /** How far the window moves. Default: its size. */
  readonly strides?: number | Pair | undefined;
  /** `valid`: the window stays within the image. `same`: there are ⌈size / stride⌉ places. Default `valid`. */
  readonly padding?: Padding | undefined;
}

const optionNames: OptionNames<Pooling2DOptions> = {
  poolSize: true,
  strides: true,
  padding: true,
  ...layerOptionNames,
};

const windowWords: WindowWords = { prefix: '', size: 'poolSize', axes: ['rows', 'columns'] };

abstract class Pooling2D extends Layer {
  readonly #pooling: { windowSize: Pair; strides: Pair; padding: Padding };
  readonly #factory: string;

  constructor(factory: string, options: Pooling2DOptions | undefined) {
    const {
      poolSize = 2,
      strides = poolSize,
      padding = 'valid',
      ...base
    } = checkOptions(`layers.${factory}`, options, optionNames);
    super(base);
    this.#factory = factory;
    this.#pooling = {
      windowSize: pairOf('poolSize', poolSize),
      strides: pairOf('strides', strides),
      padding: oneOf('padding', paddings, padding),
    };
  }

  protected abstract pool(x: Value, options: Pool2dOptions): Value;

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    const channels = channelsOfImages(this.#factory, inputShape);
    const images = { shape: [1, ...inputShape], dtype: 'float32' as const };
    return [...pool2dGeometry(this.#factory, images, this.#pooling, windowWords).outputSize, channels];
  }

  override call([x]: readonly [Value]): Value {
    return this.pool(x, this.#pooling);
  }

  override getConfig(): LayerConfig {
    const { windowSize, strides, padding } = this.#pooling;
    return { ...super.getConfig(), poolSize: windowSize, strides, padding };
  }
}

/** @internal */
export class MaxPooling2D extends Pooling2D {
  static override readonly className = 'MaxPooling2D';

  constructor(options?: Pooling2DOptions) {
    super('maxPooling2d', options);
  }

  protected override pool(x: Value, options: Pool2dOptions): Value {
    return maxPool2d(x, options);
  }
}

registerClass(MaxPooling2D);

/** @internal */
export class AveragePooling2D extends Pooling2D {
  static override readonly className = 'AveragePooling2D';

  constructor(options?: Pooling2DOptions) {
    super('averagePooling2d', options);
  }

  protected override pool(x: Value, options: Pool2dOptions): Value {
    return averagePool2d(x, options);
  }
}

registerClass(AveragePooling2D);
