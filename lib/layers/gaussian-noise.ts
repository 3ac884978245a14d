// Adds normal noise in training.
import { nonNegativeNumber } from '../checks.js';
import { add, randomNormal } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import {
  type CallOptions,
  type LayerConfig,
  type LayerOptions,
  layerOptionNames,
  ShapePreservingLayer,
} from './layer.js';
import { registerClass } from './registry.js';

/** What `layers.gaussianNoise` takes. */
export interface GaussianNoiseOptions extends LayerOptions {
  /** Standard deviation of the noise. */
  readonly stddev: number;
}

const optionNames: OptionNames<GaussianNoiseOptions> = { stddev: true, ...layerOptionNames };

/** @internal */
export class GaussianNoise extends ShapePreservingLayer {
  static override readonly className = 'GaussianNoise';
  readonly #stddev: number;

  constructor(options: GaussianNoiseOptions) {
    const { stddev, ...base } = checkOptions('layers.gaussianNoise', options, optionNames);
    super(base);
    this.#stddev = nonNegativeNumber('stddev', stddev);
  }

  override call([x]: readonly [Value], { training }: CallOptions): Value {
    return training && this.#stddev > 0 ? add(x, randomNormal(x.graph, x.shape, 0, this.#stddev)) : x;
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), stddev: this.#stddev };
  }
}

registerClass(GaussianNoise);
