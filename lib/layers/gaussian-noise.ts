// Adds normal noise in training.
import { nonNegativeNumber } from '../checks.js';
import { add } from '../ops/add.js';
import { randomNormal } from '../ops/random-normal.js';
import type { Value } from '../program/value.js';
import { type CallOptions, type LayerConfig, type LayerOptions, ShapelessLayer } from './layer.js';

export interface GaussianNoiseOptions extends LayerOptions {
  /** Standard deviation of the noise. */
  readonly stddev: number;
}

/** @internal */
export class GaussianNoise extends ShapelessLayer {
  readonly className = 'GaussianNoise';
  readonly #stddev: number;

  constructor(options: GaussianNoiseOptions) {
    super(options);
    this.#stddev = nonNegativeNumber('stddev', options.stddev);
  }

  override call(x: Value, { training }: CallOptions): Value {
    return training && this.#stddev > 0 ? add(x, randomNormal(x.graph, x.shape, 0, this.#stddev)) : x;
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), stddev: this.#stddev };
  }
}
