// A fully connected layer: y = activation(x · kernel + bias).
import { trueOrFalse, wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { add, matmul, reshape } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { type Shape, sizeOf } from '../tensor.js';
import { type ActivationName, activationNamed } from './activations.js';
import { Layer, type LayerConfig, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';
import {
  type BiasOptions,
  biasOptionNames,
  type KernelOptions,
  kernelOptionNames,
  settingsConfig,
  type WeightSettings,
  weightSettings,
} from './weight-settings.js';

/** What `layers.dense` takes. */
export interface DenseOptions extends LayerOptions, KernelOptions, BiasOptions {
  /** Number of outputs. */
  readonly units: number;
  /** Default `linear`. */
  readonly activation?: ActivationName | undefined;
  /** Default true. */
  readonly useBias?: boolean | undefined;
}

const optionNames: OptionNames<DenseOptions> = {
  units: true,
  activation: true,
  useBias: true,
  ...kernelOptionNames,
  ...biasOptionNames,
  ...layerOptionNames,
};

/** @internal */
export class Dense extends Layer {
  static override readonly className = 'Dense';
  readonly #units: number;
  readonly #activation: ActivationName;
  readonly #useBias: boolean;
  readonly #kernel: WeightSettings;
  readonly #bias: WeightSettings;

  constructor(options: DenseOptions) {
    const given = checkOptions('layers.dense', options, optionNames);
    const { units, activation = 'linear', useBias = true } = given;
    super(given);
    this.#units = wholeNumber('units', units, 1);
    activationNamed(activation);
    this.#activation = activation;
    this.#useBias = trueOrFalse('useBias', useBias);
    this.#kernel = weightSettings('kernel', given, 'glorotUniform');
    this.#bias = weightSettings('bias', given, 'zeros');
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    if (inputShape.length > 0) return [...inputShape.slice(0, -1), this.#units];
    throw new CudaGanError('CUDA_GAN_SHAPE', 'dense needs at least 1 dimension, found []');
  }

  protected override createWeights([inputShape]: readonly [Shape]): void {
    const { initializer, rules } = this.#kernel;
    this.addWeight('kernel', [inputShape.at(-1)!, this.#units], initializer, rules);
    if (this.#useBias) this.addWeight('bias', [this.#units], this.#bias.initializer, this.#bias.rules);
  }

  /** Works along the last axis. */
  override call([x]: readonly [Value]): Value {
    const { shape } = x;
    const inputs = shape.at(-1)!;
    const product = matmul(reshape(x, [sizeOf(shape) / inputs, inputs]), this.weight('kernel', x));
    const sum = this.#useBias ? add(product, this.weight('bias', x)) : product;
    return reshape(activationNamed(this.#activation)(sum), [...shape.slice(0, -1), this.#units]);
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      units: this.#units,
      activation: this.#activation,
      useBias: this.#useBias,
      ...settingsConfig('kernel', this.#kernel),
      ...settingsConfig('bias', this.#bias),
    };
  }
}

registerClass(Dense);
