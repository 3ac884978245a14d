// Spectral normalisation (Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018): a layer whose
// kernel is divided by its largest singular value, so that it stretches nothing.
import { inWords, wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { truncatedNormal } from '../initializers/index.js';
import { assign } from '../ops/assign.js';
import { affine, divide, matmul, reshape, sqrt, square, sum } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Variable } from '../program/variable.js';
import { type DType, type Shape, sizeOf } from '../tensor.js';
import {
  type CallOptions,
  Layer,
  type LayerConfig,
  type LayerOptions,
  layerOptionNames,
  type WeightStreams,
} from './layer.js';
import { isSavedLayer, layerFromConfig, registerClass, type SavedLayer } from './registry.js';

export interface SpectralNormalizationOptions extends LayerOptions {
  /** A layer with a kernel, or embeddings. Its own kernel stays as it is trained; what it computes with is normalised. */
  readonly layer: Layer | SavedLayer;
  /** Steps towards the largest singular value in each training step. Default 1. */
  readonly powerIterations?: number | undefined;
}

const optionNames: OptionNames<SpectralNormalizationOptions> = {
  layer: true,
  powerIterations: true,
  ...layerOptionNames,
};

/** Names of weights that are normalised. */
const kernelNames = ['kernel', 'embeddings'];

/** @internal */
export class SpectralNormalization extends Layer {
  static override readonly className = 'SpectralNormalization';
  readonly layer: Layer;
  readonly #powerIterations: number;

  constructor(options: SpectralNormalizationOptions) {
    const { layer, powerIterations = 1, ...base } = checkOptions('layers.spectralNormalization', options, optionNames);
    super(base);
    this.layer = layerOf(layer);
    this.#powerIterations = wholeNumber('powerIterations', powerIterations, 1);
  }

  override get inputDType(): DType {
    return this.layer.inputDType;
  }

  override build(inputShape: Shape | readonly Shape[], streams?: WeightStreams): void {
    if (!this.built) this.layer.build(inputShape, streams);
    super.build(inputShape, streams);
  }

  override takeStreams(streams: WeightStreams): void {
    this.layer.takeStreams(streams);
    super.takeStreams(streams);
  }

  protected override createWeights(inputShapes: readonly Shape[]): void {
    if (!this.layer.built) this.layer.build(inputShapes);
    const [, kernel] = this.#kernel();
    // The kernel as a matrix [all the rest, outputs]; u is a row.
    this.addWeight('vector_u', [1, kernel.shape.at(-1)!], truncatedNormal({ stddev: 0.02 }), { trainable: false });
  }

  /** Where the step moves the layer, u comes nearer to the largest singular vector first. Gradients take it as given. */
  override call(inputs: readonly Value[], options: CallOptions): Value | readonly Value[] {
    const [x] = inputs as [Value];
    const [name, variable] = this.#kernel();
    const kernel = x.graph.read(variable);
    const outputs = kernel.shape.at(-1)!;
    const matrix = reshape(kernel, [sizeOf(kernel.shape) / outputs, outputs]);
    let u = this.weight('vector_u', x);
    if (options.training && this.isMoved('vector_u', options)) {
      for (let i = 0; i < this.#powerIterations; i++) {
        const v = unit(matmul(unit(u), matrix, { transposeB: true }));
        u = assign(u, unit(matmul(v, matrix)));
      }
    }
    const largest = length(matmul(unit(u), matrix, { transposeB: true }));
    return this.layer.callWithWeights(inputs, options, { [name]: divide(kernel, largest) });
  }

  #kernel(): readonly [name: string, variable: Variable] {
    const found = this.layer.namedWeights.find(([name]) => kernelNames.includes(name));
    if (found !== undefined) return found;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `spectralNormalization needs a layer with a kernel, and a ${this.layer.className} has none`,
    );
  }

  override get namedWeights(): readonly (readonly [name: string, variable: Variable])[] {
    return [...this.layer.namedWeights, ...super.namedWeights];
  }

  override get trainableWeights(): readonly Variable[] {
    return this.trainable ? this.layer.trainableWeights : [];
  }

  override getConfig(): LayerConfig {
    const { className } = this.layer;
    return {
      ...super.getConfig(),
      layer: { className, config: this.layer.getConfig() },
      powerIterations: this.#powerIterations,
    };
  }
}

registerClass(SpectralNormalization);

function layerOf(given: Layer | SavedLayer): Layer {
  if (given instanceof Layer) return given;
  if (isSavedLayer(given)) return layerFromConfig(given);
  throw new CudaGanError('CUDA_GAN_VALUE', `layer is ${inWords(given)}; allowed are layers`);
}

function length(row: Value): Value {
  return sqrt(affine(sum(square(row)), 1, 1e-12));
}

function unit(row: Value): Value {
  return divide(row, length(row));
}
