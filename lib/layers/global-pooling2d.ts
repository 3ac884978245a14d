// Pooling over whole images: one number per channel.
import { maxPool2d, mean, reshape } from '../ops/index.js';
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { Layer, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';
import { channelsOfImages } from './window-options.js';

/** @internal */
export class GlobalAveragePooling2D extends Layer {
  static override readonly className = 'GlobalAveragePooling2D';

  constructor(options?: LayerOptions) {
    super(checkOptions('layers.globalAveragePooling2d', options, layerOptionNames));
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    return [channelsOfImages('globalAveragePooling2d', inputShape)];
  }

  override call([x]: readonly [Value]): Value {
    return mean(x, [1, 2]);
  }
}

registerClass(GlobalAveragePooling2D);

/** @internal */
export class GlobalMaxPooling2D extends Layer {
  static override readonly className = 'GlobalMaxPooling2D';

  constructor(options?: LayerOptions) {
    super(checkOptions('layers.globalMaxPooling2d', options, layerOptionNames));
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    return [channelsOfImages('globalMaxPooling2d', inputShape)];
  }

  override call([x]: readonly [Value]): Value {
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    return reshape(maxPool2d(x, { windowSize: [height, width] }), [batch, channels]);
  }
}

registerClass(GlobalMaxPooling2D);
