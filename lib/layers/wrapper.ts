// A layer around another: it hands the inner one's weights on, and may put other values in their place in a call.
import { CudaGanError } from '../errors.js';
import type { OptionNames } from '../options.js';
import type { DType, Shape } from '../tensor.js';
import { Composite, layerOf } from './composite.js';
import { type Layer, type LayerConfig, type LayerOptions, layerOptionNames } from './layer.js';
import type { SavedLayer } from './registry.js';

/** What a layer around another one takes. */
export interface WrapperOptions extends LayerOptions {
  /** The layer within, or what a config has of it. */
  readonly layer: Layer | SavedLayer;
}

/** @internal */
export const wrapperOptionNames: OptionNames<WrapperOptions> = { layer: true, ...layerOptionNames };

/**
 * What wraps a layer has the weights of that, besides its own: it calls it by `this.layer.callWithWeights`, with what it
 * makes of them.
 */
export abstract class Wrapper extends Composite {
  /** The layer within. */
  readonly layer: Layer;

  /** @throws CudaGanError `CUDA_GAN_VALUE` for what is no layer, `CUDA_GAN_STATE` for one that is in use already. */
  constructor({ layer: given, ...options }: WrapperOptions) {
    const layer = layerOf('layer', given);
    super({ inputShape: inputShapeOf(layer), ...options });
    if (layer.takenBy !== undefined) {
      throw new CudaGanError(
        'CUDA_GAN_STATE',
        `layer "${layer.name}" is part of ${layer.takenBy} already; wrap one of its own`,
      );
    }
    layer.becomePartOf('a wrapper');
    this.layer = layer;
  }

  /** @internal */
  protected override get parts(): readonly (readonly [name: string, layer: Layer])[] {
    return [[this.layer.name, this.layer]];
  }

  override get inputDType(): DType {
    return this.layer.inputDType;
  }

  /** Any: the layer within says how many it takes. */
  protected override requireInputCount(_count: number): void {}

  /** Makes the weights of the layer within; the wrapper's own come after them. */
  protected override createWeights(inputShapes: readonly Shape[]): void {
    this.buildPart(this.layer, inputShapes);
  }

  override getConfig(): LayerConfig {
    const { className } = this.layer;
    return { ...super.getConfig(), layer: { className, config: this.layer.getConfig() } };
  }
}

/** Shape of one sample of the only input, where the layer knows it. */
function inputShapeOf(layer: Layer): Shape | undefined {
  if (!layer.built) return layer.wantedInputShape;
  return layer.inputShapes.length === 1 ? layer.inputShape : undefined;
}
