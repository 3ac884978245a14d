// A layer around another: it hands the inner one's weights on, and may put other values in their place in a call.
import { inWords } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { OptionNames } from '../options.js';
import type { Variable } from '../program/variable.js';
import type { DType, Shape } from '../tensor.js';
import { Layer, type LayerConfig, type LayerOptions, layerOptionNames, type WeightStreams } from './layer.js';
import { isSavedLayer, layerFromConfig, type SavedLayer } from './registry.js';
import type { WeightRules } from './weight-settings.js';

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
export abstract class Wrapper extends Layer {
  readonly layer: Layer;
  /** Those of the model under construction, for a layer within that draws its weights as it is built: a stack. */
  #streams: WeightStreams | undefined;

  /** @throws CudaGanError `CUDA_GAN_VALUE` for what is no layer, `CUDA_GAN_STATE` for one that is in use already. */
  constructor({ layer: given, ...options }: WrapperOptions) {
    const layer = layerOf(given);
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
  override get layersWithin(): readonly Layer[] {
    return [this.layer];
  }

  override get inputDType(): DType {
    return this.layer.inputDType;
  }

  /** @internal */
  override build(inputShape: Shape | readonly Shape[], streams?: WeightStreams): void {
    this.#streams = streams;
    super.build(inputShape, streams);
  }

  /** Any: the layer within says how many it takes. */
  protected override requireInputCount(_count: number): void {}

  /** Makes the weights of the layer within; the wrapper's own come after them. */
  protected override createWeights(inputShapes: readonly Shape[]): void {
    if (this.layer.built) this.layer.prepare(inputShapes);
    else this.layer.build(inputShapes, this.#streams);
  }

  /** @internal */
  override takeStreams(streams: WeightStreams): void {
    this.layer.takeStreams(streams);
    super.takeStreams(streams);
  }

  override get namedWeights(): readonly (readonly [name: string, variable: Variable])[] {
    const { name, namedWeights } = this.layer;
    return [
      ...namedWeights.map(([weight, variable]) => [`${name}/${weight}`, variable] as const),
      ...super.namedWeights,
    ];
  }

  override get weights(): readonly Variable[] {
    return [...this.layer.weights, ...super.weights];
  }

  /** @internal */
  override get weightRules(): ReadonlyMap<Variable, WeightRules> {
    return new Map([...this.layer.weightRules, ...super.weightRules]);
  }

  override get trainableWeights(): readonly Variable[] {
    return this.trainable ? [...this.layer.trainableWeights, ...super.trainableWeights] : [];
  }

  override get movingWeights(): readonly Variable[] {
    return this.trainable ? [...this.layer.movingWeights, ...super.weights] : [];
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

function layerOf(given: Layer | SavedLayer): Layer {
  if (given instanceof Layer) return given;
  if (isSavedLayer(given)) return layerFromConfig(given);
  throw new CudaGanError('CUDA_GAN_VALUE', `layer is ${inWords(given)}; allowed are layers`);
}
