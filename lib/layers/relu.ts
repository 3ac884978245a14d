// Rectified linear unit: max(x, 0).
import { relu } from '../ops/activation.js';
import type { Value } from '../program/value.js';
import { ShapelessLayer } from './layer.js';

/** @internal */
export class ReLU extends ShapelessLayer {
  readonly className = 'ReLU';

  override call(x: Value): Value {
    return relu(x);
  }
}
