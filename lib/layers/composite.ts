// A layer made of others: it hands their weights on, besides its own.
import { inWords } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { Variable } from '../program/variable.js';
import type { Shape } from '../tensor.js';
import { Layer, type WeightStreams } from './layer.js';
import { isSavedLayer, layerFromConfig, type SavedLayer } from './registry.js';
import type { WeightRules } from './weight-settings.js';

/** A layer with others within, whose weights are its own: they come before those that it makes itself. */
export abstract class Composite extends Layer {
  /** Those of the model under construction, for a layer within that draws its weights as it is built: a stack. */
  #streams: WeightStreams | undefined;

  /** The layers within, and what the names of their weights begin with. @internal */
  protected abstract get parts(): readonly (readonly [name: string, layer: Layer])[];

  /** @internal */
  override get layersWithin(): readonly Layer[] {
    return this.parts.map(([, layer]) => layer);
  }

  /** @internal */
  override build(inputShape: Shape | readonly Shape[], streams?: WeightStreams): void {
    this.#streams = streams;
    super.build(inputShape, streams);
  }

  /** Makes the weights of a layer within, for samples of these shapes. @internal */
  protected buildPart(layer: Layer, inputShapes: readonly Shape[]): void {
    if (layer.built) layer.prepare(inputShapes);
    else layer.build(inputShapes, this.#streams);
  }

  /** @internal */
  override takeStreams(streams: WeightStreams): void {
    for (const layer of this.layersWithin) layer.takeStreams(streams);
    super.takeStreams(streams);
  }

  override get namedWeights(): readonly (readonly [name: string, variable: Variable])[] {
    const within = this.parts.flatMap(([name, { namedWeights }]) =>
      namedWeights.map(([weight, variable]) => [`${name}/${weight}`, variable] as const),
    );
    return [...within, ...super.namedWeights];
  }

  override get weights(): readonly Variable[] {
    return [...new Set([...this.layersWithin.flatMap(({ weights }) => weights), ...super.weights])];
  }

  /** @internal */
  override get weightRules(): ReadonlyMap<Variable, WeightRules> {
    return new Map([...this.layersWithin.flatMap(({ weightRules }) => [...weightRules]), ...super.weightRules]);
  }

  override get trainableWeights(): readonly Variable[] {
    if (!this.trainable) return [];
    const within = this.layersWithin.flatMap(({ trainableWeights }) => trainableWeights);
    return [...new Set([...within, ...super.trainableWeights])];
  }

  override get movingWeights(): readonly Variable[] {
    if (!this.trainable) return [];
    const within = this.layersWithin.flatMap(({ movingWeights }) => movingWeights);
    return [...new Set([...within, ...super.weights])];
  }
}

/** The layer that is given, or what a config has of it. @internal @throws CudaGanError `CUDA_GAN_VALUE` for what is none. */
export function layerOf(name: string, given: Layer | SavedLayer): Layer {
  if (given instanceof Layer) return given;
  if (isSavedLayer(given)) return layerFromConfig(given);
  throw new CudaGanError('CUDA_GAN_VALUE', `${name} is ${inWords(given)}; allowed are layers`);
}
