// Softmax over the last axis.
import { softmax } from '../ops/softmax.js';
import type { Value } from '../program/value.js';
import { ShapelessLayer } from './layer.js';

/** @internal */
export class Softmax extends ShapelessLayer {
  readonly className = 'Softmax';

  override call(x: Value): Value {
    return softmax(x);
  }
}
