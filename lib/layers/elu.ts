// Exponential linear unit: x if x > 0, else alpha · (eˣ - 1) (Clevert, Unterthiner & Hochreiter 2016).
import { positiveNumber } from '../checks.js';
import { elu } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { type LayerConfig, type LayerOptions, layerOptionNames, ShapePreservingLayer } from './layer.js';
import { registerClass } from './registry.js';

/** What `layers.elu` takes. */
export interface ELUOptions extends LayerOptions {
  /** Above 0. Default 1. */
  readonly alpha?: number | undefined;
}

const optionNames: OptionNames<ELUOptions> = { alpha: true, ...layerOptionNames };

/** @internal */
export class ELU extends ShapePreservingLayer {
  static override readonly className = 'ELU';
  readonly #alpha: number;

  constructor(options?: ELUOptions) {
    const { alpha = 1, ...base } = checkOptions('layers.elu', options, optionNames);
    super(base);
    this.#alpha = positiveNumber('alpha', alpha);
  }

  override call([x]: readonly [Value]): Value {
    return elu(x, this.#alpha);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), alpha: this.#alpha };
  }
}

registerClass(ELU);
