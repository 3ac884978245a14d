// Spatial dropout (Tompson et al. 2015): in training, zeroes whole channels of images and scales the others up.
import { numberIn } from '../checks.js';
import { dropout, fill, multiply } from '../ops/index.js';
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { type DropoutOptions, dropoutOptionNames } from './dropout.js';
import { type CallOptions, Layer, type LayerConfig } from './layer.js';
import { registerClass } from './registry.js';
import { channelsOfImages } from './window-options.js';

/** @internal */
export class SpatialDropout2D extends Layer {
  static override readonly className = 'SpatialDropout2D';
  readonly #rate: number;

  constructor(options: DropoutOptions) {
    const { rate, ...base } = checkOptions('layers.spatialDropout2d', options, dropoutOptionNames);
    super(base);
    this.#rate = numberIn('rate', rate, 0, 1);
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    channelsOfImages('spatialDropout2d', inputShape);
    return inputShape;
  }

  override call([x]: readonly [Value], { training }: CallOptions): Value {
    if (!training || this.#rate === 0) return x;
    return multiply(x, dropout(fill(x.graph, [x.shape[0]!, 1, 1, x.shape[3]!], 1), this.#rate));
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), rate: this.#rate };
  }
}

registerClass(SpatialDropout2D);
