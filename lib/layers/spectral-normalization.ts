// Spectral normalisation (Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018): a layer whose
// kernel is divided by its largest singular value, so that it stretches nothing.
import { wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { truncatedNormal } from '../initializers/index.js';
import { assign } from '../ops/assign.js';
import { affine, divide, matmul, reshape, sqrt, square, sum } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Variable } from '../program/variable.js';
import { type Shape, sizeOf } from '../tensor.js';
import type { CallOptions, LayerConfig } from './layer.js';
import { registerClass } from './registry.js';
import { Wrapper, type WrapperOptions, wrapperOptionNames } from './wrapper.js';

/** Of a layer with a kernel, or embeddings. Its own kernel stays as it is trained; what it computes with is normalised. */
export interface SpectralNormalizationOptions extends WrapperOptions {
  /** Steps towards the largest singular value in each training step. Default 1. */
  readonly powerIterations?: number | undefined;
}

const optionNames: OptionNames<SpectralNormalizationOptions> = { powerIterations: true, ...wrapperOptionNames };

/** Names of weights that are normalised. */
const kernelNames = ['kernel', 'embeddings'];

/** @internal */
export class SpectralNormalization extends Wrapper {
  static override readonly className = 'SpectralNormalization';
  readonly #powerIterations: number;

  constructor(options: SpectralNormalizationOptions) {
    const { powerIterations = 1, ...base } = checkOptions('layers.spectralNormalization', options, optionNames);
    super(base);
    this.#powerIterations = wholeNumber('powerIterations', powerIterations, 1);
  }

  /** The weight that is normalised, as it is trained. @internal */
  get kernel(): Variable {
    return this.#kernel()[1];
  }

  /** What the power iteration has come to. @internal */
  get vector(): Variable {
    return super.weights.at(-1)!;
  }

  /** @internal */
  override numbersOfInput(input: number): number | undefined {
    return this.layer.numbersOfInput(input);
  }

  protected override createWeights(inputShapes: readonly Shape[]): void {
    super.createWeights(inputShapes);
    const [, kernel] = this.#kernel();
    // The kernel as a matrix [all the rest, outputs]; u is a row.
    this.addWeight('vector_u', [1, kernel.shape.at(-1)!], truncatedNormal({ stddev: 0.02 }), { trainable: false });
  }

  /** Where the step moves the layer, u comes nearer to the largest singular vector first. Gradients take it as given. */
  override call(inputs: readonly Value[], options: CallOptions): Value | readonly Value[] {
    const [x] = inputs as [Value];
    const [name] = this.#kernel();
    const kernel = this.layer.weight(name, x);
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
    const within = this.layer.layersWithin.length > 0 ? ' of its own: wrap the layers within it one by one' : '';
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `spectralNormalization needs a layer with a kernel, and a ${this.layer.className} has none${within}`,
    );
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), powerIterations: this.#powerIterations };
  }
}

registerClass(SpectralNormalization);

function length(row: Value): Value {
  return sqrt(affine(sum(square(row)), 1, 1e-12));
}

function unit(row: Value): Value {
  return divide(row, length(row));
}
