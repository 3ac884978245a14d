// Rectified linear unit: max(x, 0).
import { relu } from '../ops/index.js';
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';
import { type LayerOptions, layerOptionNames, ShapePreservingLayer } from './layer.js';
import { registerClass } from './registry.js';

/** @internal */
export class ReLU extends ShapePreservingLayer {
  static override readonly className = 'ReLU';

  constructor(options?: LayerOptions) {
    super(checkOptions('layers.reLU', options, layerOptionNames));
  }

  override call([x]: readonly [Value]): Value {
    return relu(x);
  }
}

registerClass(ReLU);
