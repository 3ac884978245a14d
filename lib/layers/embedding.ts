// Class numbers and the like as learned vectors: row i of a table for the number i.

import { wholeNumber } from '../checks.js';
import type { InitializerLike } from '../initializers/index.js';
import { gather, reshape } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { type DType, type Shape, sizeOf } from '../tensor.js';
import type { ConstraintLike } from './constraints/index.js';
import { Layer, type LayerConfig, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';
import type { LayerRegularizerLike } from './regularizers/index.js';
import { settingsConfig, type WeightSettings, weightSettings } from './weight-settings.js';

/** What `layers.embedding` takes. */
export interface EmbeddingOptions extends LayerOptions {
  /** How many numbers there are: inputs are 0 to inputDim - 1. */
  readonly inputDim: number;
  /** Length of a vector. */
  readonly outputDim: number;
  /** Default `randomUniform`: from -0.05 to 0.05. */
  readonly embeddingsInitializer?: InitializerLike | undefined;
  /** Added to the loss for the table of vectors. Default: nothing. */
  readonly embeddingsRegularizer?: LayerRegularizerLike | undefined;
  /** What that table is held to after every update. Default: nothing. */
  readonly embeddingsConstraint?: ConstraintLike | undefined;
}

const optionNames: OptionNames<EmbeddingOptions> = {
  inputDim: true,
  outputDim: true,
  embeddingsInitializer: true,
  embeddingsRegularizer: true,
  embeddingsConstraint: true,
  ...layerOptionNames,
};

/** @internal */
export class Embedding extends Layer {
  static override readonly className = 'Embedding';
  readonly #inputDim: number;
  readonly #outputDim: number;
  readonly #embeddings: WeightSettings;

  constructor(options: EmbeddingOptions) {
    const given = checkOptions('layers.embedding', options, optionNames);
    const { inputDim, outputDim } = given;
    super(given);
    this.#inputDim = wholeNumber('inputDim', inputDim, 1);
    this.#outputDim = wholeNumber('outputDim', outputDim, 1);
    this.#embeddings = weightSettings('embeddings', given, 'randomUniform');
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
    const { initializer, rules } = this.#embeddings;
    this.addWeight('embeddings', [this.#inputDim, this.#outputDim], initializer, rules);
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
      ...settingsConfig('embeddings', this.#embeddings),
    };
  }
}

registerClass(Embedding);
