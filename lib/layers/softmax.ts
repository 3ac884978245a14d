// Softmax over the last axis.
import { softmax } from '../ops/index.js';
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';
import { type LayerOptions, layerOptionNames, ShapelessLayer } from './layer.js';

/** @internal */
export class Softmax extends ShapelessLayer {
  readonly className = 'Softmax';

  constructor(options?: LayerOptions) {
    super(checkOptions('layers.softmax', options, layerOptionNames));
  }

  override call(x: Value): Value {
    return softmax(x);
  }
}
