// Pooling over whole images: one number per channel.
import { maxPool2d, mean, reshape } from '../ops/index.js';
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { channelsOfImages } from './convolution.js';
import { Layer, type LayerOptions, layerOptionNames } from './layer.js';

/** @internal */
export class GlobalAveragePooling2D extends Layer {
  readonly className = 'GlobalAveragePooling2D';

  constructor(options?: LayerOptions) {
    super(checkOptions('layers.globalAveragePooling2d', options, layerOptionNames));
  }

  protected override createWeights(inputShape: Shape): Shape {
    return [channelsOfImages('globalAveragePooling2d', inputShape)];
  }

  override call(x: Value): Value {
    return mean(x, [1, 2]);
  }
}

/** @internal */
export class GlobalMaxPooling2D extends Layer {
  readonly className = 'GlobalMaxPooling2D';

  constructor(options?: LayerOptions) {
    super(checkOptions('layers.globalMaxPooling2d', options, layerOptionNames));
  }

  protected override createWeights(inputShape: Shape): Shape {
    return [channelsOfImages('globalMaxPooling2d', inputShape)];
  }

  override call(x: Value): Value {
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    return reshape(maxPool2d(x, { windowSize: [height, width] }), [batch, channels]);
  }
}
