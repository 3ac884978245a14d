// What the layers that autoencoders are trained by have in common: an encoder and a decoder within, and one number or more
// for each image.
import { CudaGanError } from '../errors.js';
import { Composite, layerOf } from '../layers/composite.js';
import type { Layer, LayerConfig, LayerOptions } from '../layers/layer.js';
import type { SavedLayer } from '../layers/registry.js';
import { Model } from '../models/model.js';
import type { OptionNames } from '../options.js';
import type { Shape } from '../tensor.js';
import { type Coder, requireSameImages } from './pair.js';

/** @internal */
export interface EncoderDecoderOptions extends Pick<LayerOptions, 'name' | 'trainable'> {
  readonly encoder: Coder | SavedLayer;
  readonly decoder: Coder | SavedLayer;
}

/** @internal */
export const encoderDecoderOptionNames: OptionNames<EncoderDecoderOptions> = {
  encoder: true,
  decoder: true,
  name: true,
  trainable: true,
};

/** Takes images, and their classes where encoder and decoder are given some. @internal */
export abstract class EncoderDecoder extends Composite {
  readonly encoder: Coder;
  readonly decoder: Coder;

  /** @throws CudaGanError `CUDA_GAN_VALUE` for what is no model, `CUDA_GAN_SHAPE` when the two do not fit each other. */
  constructor({ encoder, decoder, ...options }: EncoderDecoderOptions) {
    super(options);
    this.encoder = modelOf('encoder', encoder);
    this.decoder = modelOf('decoder', decoder);
    requireSameImages(this.encoder, this.decoder);
  }

  /** @internal */
  protected override get parts(): readonly (readonly [name: string, layer: Layer])[] {
    return [
      ['encoder', this.encoder],
      ['decoder', this.decoder],
    ];
  }

  /** @internal */
  override numbersOfInput(input: number): number | undefined {
    const found = [this.encoder, this.decoder].flatMap((model) => model.numbersOfInput(input) ?? []);
    return input === 0 || found.length === 0 ? undefined : Math.min(...found);
  }

  protected override requireInputCount(count: number): void {
    const wanted = this.encoder.inputNames.length;
    if (count !== wanted) throw new CudaGanError('CUDA_GAN_VALUE', `takes ${wanted} inputs, found ${count}`);
  }

  protected override createWeights(inputShapes: readonly Shape[]): void {
    this.buildPart(this.encoder, [inputShapes[0]!, ...this.encoder.inputShapes.slice(1)]);
    this.buildPart(this.decoder, this.decoder.inputShapes);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), encoder: saved(this.encoder), decoder: saved(this.decoder) };
  }
}

function saved(model: Coder): SavedLayer {
  return { className: model.className, config: model.getConfig() };
}

function modelOf(name: string, given: Coder | SavedLayer): Coder {
  const found = layerOf(name, given);
  if (found instanceof Model) return found;
  throw new CudaGanError('CUDA_GAN_VALUE', `${name} is a ${found.className}; allowed are models`);
}
