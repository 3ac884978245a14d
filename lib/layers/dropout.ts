// Dropout (Srivastava et al. 2014): in training, zeroes a share of the elements and scales the others up.
import { numberIn } from '../checks.js';
import { dropout } from '../ops/index.js';
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

/** What `layers.dropout` and `layers.spatialDropout2d` take. */
export interface DropoutOptions extends LayerOptions {
  /** Share of elements that become zero, in [0, 1). */
  readonly rate: number;
}

/** @internal */
export const dropoutOptionNames: OptionNames<DropoutOptions> = { rate: true, ...layerOptionNames };

/** @internal */
export class Dropout extends ShapePreservingLayer {
  static override readonly className = 'Dropout';
  readonly #rate: number;

  constructor(options: DropoutOptions) {
    const { rate, ...base } = checkOptions('layers.dropout', options, dropoutOptionNames);
    super(base);
    this.#rate = numberIn('rate', rate, 0, 1);
  }

  override call([x]: readonly [Value], { training }: CallOptions): Value {
    return training && this.#rate > 0 ? dropout(x, this.#rate) : x;
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), rate: this.#rate };
  }
}

registerClass(Dropout);
