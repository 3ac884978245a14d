// What layers have in common: a name, weights, and a rule that records their computation.
import { listOfNumbers, wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { Initializer } from '../initializers/index.js';
import type { Value } from '../program/value.js';
import { Variable } from '../program/variable.js';
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import type { Shape } from '../tensor.js';

export interface LayerOptions {
  /** Default: the class in snake case, numbered within its model. */
  readonly name?: string | undefined;
  /** Shape of one sample, for the first layer of a model. */
  readonly inputShape?: Shape | undefined;
  /** Default true. */
  readonly trainable?: boolean | undefined;
}

/** @internal */
export interface CallOptions {
  /** Training mode: batch statistics, dropout, noise. In inference mode layers are deterministic. */
  readonly training: boolean;
  /** The layer's weights and statistics must not move, though the rest trains: batch normalisation infers. */
  readonly frozen?: boolean | undefined;
}

/** Plain data, enough to make a layer again. */
export type LayerConfig = Readonly<Record<string, unknown>>;

/** Where the initial weights of a model come from: each draws from a stream of its own. */
export class WeightStreams {
  #next: number = firstStream.weights;
  constructor(readonly seed: number) {}

  /** Makes the next stream, from its start at every call. */
  next(): () => RandomStream {
    const stream = this.#next++;
    return () => new RandomStream(this.seed, stream);
  }
}

export abstract class Layer {
  /** As in Keras: `Dense`, `LeakyReLU`, … */
  abstract readonly className: string;
  /** Unique in its model, which names the layers that have none. */
  name: string | undefined;
  /** Whether training moves the weights. Read when a training program is built. */
  trainable: boolean;
  readonly #wantedInputShape: Shape | undefined;
  #shapes: { readonly input: Shape; readonly output: Shape } | undefined;
  readonly #weights: { readonly name: string; readonly variable: Variable; readonly trainable: boolean }[] = [];

  constructor({ name, inputShape, trainable = true }: LayerOptions = {}) {
    this.name = name;
    this.trainable = trainable;
    if (inputShape !== undefined) listOfNumbers('inputShape', inputShape);
    for (const dimension of inputShape ?? []) wholeNumber('a dimension of inputShape', dimension, 1);
    this.#wantedInputShape = inputShape && [...inputShape];
  }

  /** Shape of one sample that was given as `inputShape`, if it was. */
  get wantedInputShape(): Shape | undefined {
    return this.#wantedInputShape;
  }

  get built(): boolean {
    return this.#shapes !== undefined;
  }

  /** Shape of one input sample. @throws CudaGanError `CUDA_GAN_STATE` before `build`. */
  get inputShape(): Shape {
    return this.#built().input;
  }

  /** Shape of one output sample. @throws CudaGanError `CUDA_GAN_STATE` before `build`. */
  get outputShape(): Shape {
    return this.#built().output;
  }

  /** Creates the weights for samples of `inputShape`. @internal @throws CudaGanError `CUDA_GAN_SHAPE` when the layer cannot take them. */
  build(inputShape: Shape, streams: WeightStreams): void {
    if (this.built) {
      throw new CudaGanError(
        'CUDA_GAN_STATE',
        `layer "${this.name}" is part of a model already; make a layer for each`,
      );
    }
    this.#shapes = { input: inputShape, output: this.createWeights(inputShape, streams) };
  }

  /** Records the layer's computation on x [batch, ...inputShape] in x's graph; the result is [batch, ...outputShape]. @internal */
  abstract call(x: Value, options: CallOptions): Value;

  /** Creates the weights and returns the output shape. Layers without weights only do the latter. @internal */
  protected abstract createWeights(inputShape: Shape, streams: WeightStreams): Shape;

  /** Options that make this layer again. */
  getConfig(): LayerConfig {
    return {
      name: this.name,
      trainable: this.trainable,
      ...(this.#wantedInputShape && { inputShape: this.#wantedInputShape }),
    };
  }

  /** All weights by name, the moving statistics included. */
  get namedWeights(): readonly (readonly [name: string, variable: Variable])[] {
    return this.#weights.map(({ name, variable }) => [name, variable]);
  }

  /** All weights, the moving statistics included. */
  get weights(): readonly Variable[] {
    return this.namedWeights.map(([, variable]) => variable);
  }

  /** The weights that training moves: none when `trainable` is false. */
  get trainableWeights(): readonly Variable[] {
    return this.trainable ? this.#weights.filter(({ trainable }) => trainable).map(({ variable }) => variable) : [];
  }

  /** @internal */
  protected addWeight(
    name: string,
    shape: Shape,
    initializer: Initializer,
    streams: WeightStreams,
    { trainable = true } = {},
  ): Variable {
    const random = streams.next();
    const initial = () => initializer.create(shape, random());
    const variable = new Variable({ name: `${this.name}/${name}`, shape, initial });
    this.#weights.push({ name, variable, trainable });
    return variable;
  }

  #built() {
    if (this.#shapes === undefined) {
      throw new CudaGanError(
        'CUDA_GAN_STATE',
        `layer "${this.name ?? this.className}" has no shapes yet: give the first layer an inputShape, or call build`,
      );
    }
    return this.#shapes;
  }
}

/** A layer without weights that leaves the shape as it is. @internal */
export abstract class ShapelessLayer extends Layer {
  protected override createWeights(inputShape: Shape): Shape {
    return inputShape;
  }
}
