// Makes every sample a vector.
import { reshape } from '../ops/index.js';
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';
import { type Shape, sizeOf } from '../tensor.js';
import { Layer, type LayerOptions, layerOptionNames } from './layer.js';

/** @internal */
export class Flatten extends Layer {
  readonly className = 'Flatten';

  constructor(options?: LayerOptions) {
    super(checkOptions('layers.flatten', options, layerOptionNames));
  }

  protected override createWeights(inputShape: Shape): Shape {
    return [sizeOf(inputShape)];
  }

  override call(x: Value): Value {
    return reshape(x, [x.shape[0]!, sizeOf(x.shape.slice(1))]);
  }
}
