// Rows and columns of zeros around images.
import { pad } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { Layer, type LayerConfig, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';
import { channelsOfImages, type Sides, sidesOf } from './window-options.js';

/** What `layers.zeroPadding2d` takes. */
export interface ZeroPadding2DOptions extends LayerOptions {
  /** A number for all sides, one for each axis, or [[top, bottom], [left, right]]. Default 1. */
  readonly padding?: Sides | undefined;
}

const optionNames: OptionNames<ZeroPadding2DOptions> = { padding: true, ...layerOptionNames };

/** @internal */
export class ZeroPadding2D extends Layer {
  static override readonly className = 'ZeroPadding2D';
  readonly #padding: ReturnType<typeof sidesOf>;

  constructor(options?: ZeroPadding2DOptions) {
    const { padding = 1, ...base } = checkOptions('layers.zeroPadding2d', options, optionNames);
    super(base);
    this.#padding = sidesOf('padding', padding);
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    const channels = channelsOfImages('zeroPadding2d', inputShape);
    const [[top, bottom], [left, right]] = this.#padding;
    return [top + inputShape[0]! + bottom, left + inputShape[1]! + right, channels];
  }

  override call([x]: readonly [Value]): Value {
    const [[top, bottom], [left, right]] = this.#padding;
    return pad(x, [0, top, left, 0], [0, bottom, right, 0]);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), padding: this.#padding };
  }
}

registerClass(ZeroPadding2D);
