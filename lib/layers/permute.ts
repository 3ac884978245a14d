// Permutes the dimensions of samples.
import { listOfNumbers, notAllowed } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { transpose } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { formatShape, type Shape } from '../tensor.js';
import { Layer, type LayerConfig, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';

/** What `layers.permute` takes. */
export interface PermuteOptions extends LayerOptions {
  /** Dimension i of the result is dimension dims[i] of the input, counted from 1, the batch left out. */
  readonly dims: readonly number[];
}

const optionNames: OptionNames<PermuteOptions> = { dims: true, ...layerOptionNames };

/** @internal */
export class Permute extends Layer {
  static override readonly className = 'Permute';
  readonly #dims: readonly number[];

  constructor(options: PermuteOptions) {
    const { dims, ...base } = checkOptions('layers.permute', options, optionNames);
    super(base);
    this.#dims = [...listOfNumbers('dims', dims)];
    if (!this.#dims.every((_, i) => this.#dims.includes(i + 1))) {
      throw notAllowed('dims', dims, 'the numbers from 1 on, each once, in any order');
    }
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    if (inputShape.length === this.#dims.length) return this.#dims.map((dimension) => inputShape[dimension - 1]!);
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `dims [${this.#dims.join(', ')}] do not permute samples of ${formatShape(inputShape)}`,
    );
  }

  override call([x]: readonly [Value]): Value {
    return transpose(x, [0, ...this.#dims]);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), dims: this.#dims };
  }
}

registerClass(Permute);
