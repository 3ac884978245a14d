// An activation function as a layer of its own.
import type { Value } from '../program/value.js';
import { type ActivationName, activationNamed } from './activations.js';
import { type LayerConfig, type LayerOptions, ShapelessLayer } from './layer.js';

export interface ActivationOptions extends LayerOptions {
  readonly activation: ActivationName;
}

/** @internal */
export class Activation extends ShapelessLayer {
  readonly className = 'Activation';
  readonly #activation: ActivationName;

  constructor(options: ActivationOptions) {
    super(options);
    this.#activation = options.activation;
    activationNamed(this.#activation);
  }

  override call(x: Value): Value {
    return activationNamed(this.#activation)(x);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), activation: this.#activation };
  }
}
