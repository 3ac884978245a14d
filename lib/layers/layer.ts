// What layers have in common: a name, weights, and a rule that records their computation.
import { layerName, shapeOption, trueOrFalse } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { Initializer } from '../initializers/index.js';
import type { OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { Variable } from '../program/variable.js';
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import type { Shape } from '../tensor.js';

export interface LayerOptions {
  /** Any text without `/`. Default: the class in snake case, numbered within its model. */
  readonly name?: string | undefined;
  /** Shape of one sample, for the first layer of a model. */
  readonly inputShape?: Shape | undefined;
  /** Default true. */
  readonly trainable?: boolean | undefined;
}

/** @internal */
export const layerOptionNames: OptionNames<LayerOptions> = { name: true, inputShape: true, trainable: true };

/** @internal */
export interface CallOptions {
  /** Training mode: batch statistics, dropout, noise. In inference mode layers are deterministic. */
  readonly training: boolean;
  /**
   * What the step under construction moves: weights, by an optimizer, and statistics, by their own layers. What is not
   * among them stays as it is, in training mode too. Default: nothing moves.
   */
  readonly moves?: ReadonlySet<Variable> | undefined;
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
  #name: string | undefined;
  #named: boolean;
  /**
   * Whether training moves the weights and statistics; it changes nothing else. What a model trains is fixed by its
   * `compile`: a later change needs another.
   */
  trainable: boolean;
  readonly #wantedInputShape: Shape | undefined;
  #shapes: { readonly input: Shape; readonly output: Shape } | undefined;
  readonly #weights: { readonly name: string; readonly variable: Variable; readonly trainable: boolean }[] = [];

  constructor({ name, inputShape, trainable = true }: LayerOptions = {}) {
    this.#name = name === undefined ? undefined : layerName('name', name);
    this.#named = name !== undefined;
    this.trainable = trueOrFalse('trainable', trainable);
    this.#wantedInputShape = inputShape === undefined ? undefined : [...shapeOption('inputShape', inputShape)];
  }

  /** Unique in its model. Default: the class in snake case, which a model numbers where it is taken. */
  get name(): string {
    return this.#name ?? snakeCase(this.className);
  }

  set name(name: string) {
    this.#name = layerName('name', name);
    this.#named = true;
  }

  /** Whether the name was given, rather than made of the class. */
  get named(): boolean {
    return this.#named;
  }

  /** The name that the first model around a layer without one gives it. @internal */
  numberName(name: string): void {
    this.#name ??= name;
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
      ...(this.named && { name: this.name }),
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

  /** The weights that an optimizer moves: none when `trainable` is false. */
  get trainableWeights(): readonly Variable[] {
    return this.trainable ? this.#weights.filter(({ trainable }) => trainable).map(({ variable }) => variable) : [];
  }

  /** All that training moves, the moving statistics included: nothing when `trainable` is false. */
  get movingWeights(): readonly Variable[] {
    return this.trainable ? this.weights : [];
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
        `layer "${this.name}" has no shapes yet: give the first layer an inputShape, or call build`,
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

/** `BatchNormalization` → `batch_normalization`, `LeakyReLU` → `leaky_re_lu`, as Keras names layers. */
function snakeCase(className: string): string {
  return className
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
