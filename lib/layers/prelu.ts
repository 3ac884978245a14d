// Parametric rectified linear unit: x if x > 0, else alpha · x with alpha learned (He et al. 2015).

import { listOfNumbers, wholeNumberIn } from '../checks.js';
import type { InitializerLike } from '../initializers/index.js';
import { multiply, negate, relu, subtract } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import type { ConstraintLike } from './constraints/index.js';
import { type LayerConfig, type LayerOptions, layerOptionNames, ShapePreservingLayer } from './layer.js';
import { registerClass } from './registry.js';
import type { LayerRegularizerLike } from './regularizers/index.js';
import { settingsConfig, type WeightSettings, weightSettings } from './weight-settings.js';

/** What `layers.prelu` takes. */
export interface PReLUOptions extends LayerOptions {
  /** Default `zeros`. */
  readonly alphaInitializer?: InitializerLike | undefined;
  /** Added to the loss. Default: nothing. */
  readonly alphaRegularizer?: LayerRegularizerLike | undefined;
  /** What alpha is held to after every update. Default: nothing. */
  readonly alphaConstraint?: ConstraintLike | undefined;
  /** Axes along which alpha is the same, counted from 1, the batch left out: [1, 2] for one per channel of images. Default: none. */
  readonly sharedAxes?: readonly number[] | undefined;
}

const optionNames: OptionNames<PReLUOptions> = {
  alphaInitializer: true,
  alphaRegularizer: true,
  alphaConstraint: true,
  sharedAxes: true,
  ...layerOptionNames,
};

/** @internal */
export class PReLU extends ShapePreservingLayer {
  static override readonly className = 'PReLU';
  readonly #alpha: WeightSettings;
  readonly #sharedAxes: readonly number[];

  constructor(options?: PReLUOptions) {
    const given = checkOptions('layers.prelu', options, optionNames);
    const { sharedAxes = [] } = given;
    super(given);
    this.#alpha = weightSettings('alpha', given, 'zeros');
    this.#sharedAxes = [...listOfNumbers('sharedAxes', sharedAxes)];
  }

  protected override createWeights([inputShape]: readonly [Shape]): void {
    for (const axis of this.#sharedAxes) wholeNumberIn('an axis of sharedAxes', axis, 1, inputShape.length);
    const shape = inputShape.map((dimension, i) => (this.#sharedAxes.includes(i + 1) ? 1 : dimension));
    this.addWeight('alpha', shape, this.#alpha.initializer, this.#alpha.rules);
  }

  override call([x]: readonly [Value]): Value {
    return subtract(relu(x), multiply(this.weight('alpha', x), relu(negate(x))));
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      ...settingsConfig('alpha', this.#alpha),
      sharedAxes: this.#sharedAxes,
    };
  }
}

registerClass(PReLU);
