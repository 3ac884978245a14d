// Rectified linear unit: max(x, 0).
import { relu } from '../ops/index.js';
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';
import { type LayerOptions, layerOptionNames, ShapelessLayer } from './layer.js';

/** @internal */
export class ReLU extends ShapelessLayer {
  readonly className = 'ReLU';

  constructor(options?: LayerOptions) {
    super(checkOptions('layers.reLU', options, layerOptionNames));
  }

  override call(x: Value): Value {
    return relu(x);
  }
}
