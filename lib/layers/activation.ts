// An activation function as a layer of its own.
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { type ActivationName, activationNamed } from './activations.js';
import { type LayerConfig, type LayerOptions, layerOptionNames, ShapePreservingLayer } from './layer.js';
import { registerClass } from './registry.js';

/** What `layers.activation` takes. */
export interface ActivationOptions extends LayerOptions {
  /** Which function. */
  readonly activation: ActivationName;
}

const optionNames: OptionNames<ActivationOptions> = { activation: true, ...layerOptionNames };

/** @internal */
export class Activation extends ShapePreservingLayer {
  static override readonly className = 'Activation';
  readonly #activation: ActivationName;

  constructor(options: ActivationOptions) {
    const { activation, ...base } = checkOptions('layers.activation', options, optionNames);
    super(base);
    activationNamed(activation);
    this.#activation = activation;
  }

  override call([x]: readonly [Value]): Value {
    return activationNamed(this.#activation)(x);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), activation: this.#activation };
  }
}

registerClass(Activation);
