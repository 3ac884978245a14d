// Softmax over the last axis.
import { softmax } from '../ops/index.js';
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';
import { type LayerOptions, layerOptionNames, ShapePreservingLayer } from './layer.js';
import { registerClass } from './registry.js';

/** @internal */
export class Softmax extends ShapePreservingLayer {
  static override readonly className = 'Softmax';

  constructor(options?: LayerOptions) {
    super(checkOptions('layers.softmax', options, layerOptionNames));
  }

  override call([x]: readonly [Value]): Value {
    return softmax(x);
  }
}

registerClass(Softmax);
