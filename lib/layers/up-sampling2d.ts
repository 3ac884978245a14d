// Images of more places, interpolated.
import { oneOf } from '../checks.js';
import { type Interpolation, resize2d } from '../ops/index.js';
import { interpolations, requireResizable } from '../ops/resize2d.js';
import { type Pair, pairOf } from '../ops/window.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { Layer, type LayerConfig, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';
import { channelsOfImages } from './window-options.js';

/** What `layers.upSampling2d` takes. */
export interface UpSampling2DOptions extends LayerOptions {
  /** How many times as many rows and columns. Default 2. */
  readonly size?: number | Pair | undefined;
  /** `nearest` repeats, `bilinear` mixes neighbours. Default `nearest`. */
  readonly interpolation?: Interpolation | undefined;
}

const optionNames: OptionNames<UpSampling2DOptions> = { size: true, interpolation: true, ...layerOptionNames };

/** @internal */
export class UpSampling2D extends Layer {
  static override readonly className = 'UpSampling2D';
  readonly #size: Pair;
  readonly #interpolation: Interpolation;

  constructor(options?: UpSampling2DOptions) {
    const { size = 2, interpolation = 'nearest', ...base } = checkOptions('layers.upSampling2d', options, optionNames);
    super(base);
    this.#size = pairOf('size', size);
    this.#interpolation = oneOf('interpolation', interpolations, interpolation);
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    const channels = channelsOfImages('upSampling2d', inputShape);
    const [height, width] = [inputShape[0]!, inputShape[1]!];
    const resized: Pair = [height * this.#size[0], width * this.#size[1]];
    requireResizable('upSampling2d', [height, width], resized);
    return [...resized, channels];
  }

  override call([x]: readonly [Value]): Value {
    const [height, width] = this.computeOutputShape([x.shape.slice(1)]) as [number, number, number];
    return resize2d(x, [height, width], this.#interpolation);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), size: this.#size, interpolation: this.#interpolation };
  }
}

registerClass(UpSampling2D);
