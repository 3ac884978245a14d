// Class numbers and the like as learned vectors: row i of a table for the number i.
import { wholeNumber } from '../checks.js';
import { type Initializer, type InitializerLike, toInitializer } from '../initializers/index.js';
import { configOf } from '../initializers/initializer.js';
import { gather, reshape } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { type DType, type Shape, sizeOf } from '../tensor.js';
import { Layer, type LayerConfig, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';

export interface EmbeddingOptions extends LayerOptions {
  /** How many numbers there are: inputs are 0 to inputDim - 1. */
  readonly inputDim: number;
  /** Length of a vector. */
  readonly outputDim: number;
  /** Default `randomUniform`: from -0.05 to 0.05. */
  readonly embeddingsInitializer?: InitializerLike | undefined;
}

const optionNames: OptionNames<EmbeddingOptions> = {
  inputDim: true,
  outputDim: true,
  embeddingsInitializer: true,
  ...layerOptionNames,
};

/** @internal */
export class Embedding extends Layer {
  static override readonly className = 'Embedding';
  readonly #inputDim: number;
  readonly #outputDim: number;
  readonly #embeddingsInitializer: Initializer;

  constructor(options: EmbeddingOptions) {
    const {
      inputDim,
      outputDim,
      embeddingsInitializer = 'randomUniform',
      ...base
    } = checkOptions('layers.embedding', options, optionNames);
    super(base);
    this.#inputDim = wholeNumber('inputDim', inputDim, 1);
    this.#outputDim = wholeNumber('outputDim', outputDim, 1);
    this.#embeddingsInitializer = toInitializer(embeddingsInitializer);
  }

  override get inputDType(): DType {
    return 'int32';
  }

  /** @internal */
  override numbersOfInput(): number {
    return this.#inputDim;
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    return [...inputShape, this.#outputDim];
  }

  protected override createWeights(): void {
    this.addWeight('embeddings', [this.#inputDim, this.#outputDim], this.#embeddingsInitializer);
  }

  /** Numbers int32 [batch, ..]; the result is [batch, .., outputDim]. */
  override call([numbers]: readonly [Value]): Value {
    const rows = gather(this.weight('embeddings', numbers), reshape(numbers, [sizeOf(numbers.shape)]));
    return reshape(rows, [...numbers.shape, this.#outputDim]);
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      inputDim: this.#inputDim,
      outputDim: this.#outputDim,
      embeddingsInitializer: configOf(this.#embeddingsInitializer),
    };
  }
}

registerClass(Embedding);
