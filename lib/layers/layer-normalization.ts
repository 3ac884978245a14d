// Layer normalisation over the last axis (Ba, Kiros & Hinton 2016).
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';
import { Normalization, type NormalizationOptions, normalizationOptionNames } from './normalization.js';
import { registerClass } from './registry.js';

/** @internal */
export class LayerNormalization extends Normalization {
  static override readonly className = 'LayerNormalization';

  constructor(options?: NormalizationOptions) {
    super(checkOptions('layers.layerNormalization', options, normalizationOptionNames));
  }

  override call([x]: readonly [Value]): Value {
    return this.scaled(this.standardized(x, [x.shape.length - 1]));
  }
}

registerClass(LayerNormalization);
