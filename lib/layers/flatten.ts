// Makes every sample a vector.
import { reshape } from '../ops/index.js';
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';
import { type Shape, sizeOf } from '../tensor.js';
import { Layer, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';

/** @internal */
export class Flatten extends Layer {
  static override readonly className = 'Flatten';

  constructor(options?: LayerOptions) {
    super(checkOptions('layers.flatten', options, layerOptionNames));
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    return [sizeOf(inputShape)];
  }

  override call([x]: readonly [Value]): Value {
    return reshape(x, [x.shape[0]!, sizeOf(x.shape.slice(1))]);
  }
}

registerClass(Flatten);
