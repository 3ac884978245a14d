// Images without some of their outer rows and columns.
import { CudaGanError } from '../errors.js';
import { slice } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { formatShape, type Shape } from '../tensor.js';
import { Layer, type LayerConfig, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';
import { channelsOfImages, type Sides, sidesOf } from './window-options.js';

/** What `layers.cropping2d` takes. */
export interface Cropping2DOptions extends LayerOptions {
  /** A number for all sides, one for each axis, or [[top, bottom], [left, right]]. Default 0. */
  readonly cropping?: Sides | undefined;
}

const optionNames: OptionNames<Cropping2DOptions> = { cropping: true, ...layerOptionNames };

/** @internal */
export class Cropping2D extends Layer {
  static override readonly className = 'Cropping2D';
  readonly #cropping: ReturnType<typeof sidesOf>;

  constructor(options?: Cropping2DOptions) {
    const { cropping = 0, ...base } = checkOptions('layers.cropping2d', options, optionNames);
    super(base);
    this.#cropping = sidesOf('cropping', cropping);
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    const channels = channelsOfImages('cropping2d', inputShape);
    const [[top, bottom], [left, right]] = this.#cropping;
    const [height, width] = [inputShape[0]! - top - bottom, inputShape[1]! - left - right];
    if (height > 0 && width > 0) return [height, width, channels];
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `cropping of [[${top}, ${bottom}], [${left}, ${right}]] leaves nothing of images ${formatShape(inputShape)}`,
    );
  }

  override call([x]: readonly [Value]): Value {
    const [[top], [left]] = this.#cropping;
    return slice(x, [0, top, left, 0], [x.shape[0]!, ...this.computeOutputShape([x.shape.slice(1)])]);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), cropping: this.#cropping };
  }
}

registerClass(Cropping2D);
