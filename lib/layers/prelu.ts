// Parametric rectified linear unit: x if x > 0, else alpha · x with alpha learned (He et al. 2015).
import { listOfNumbers, wholeNumberIn } from '../checks.js';
import { type Initializer, type InitializerLike, toInitializer } from '../initializers/index.js';
import { configOf } from '../initializers/initializer.js';
import { multiply, negate, relu, subtract } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { type LayerConfig, type LayerOptions, layerOptionNames, ShapePreservingLayer } from './layer.js';
import { registerClass } from './registry.js';

export interface PReLUOptions extends LayerOptions {
  /** Default `zeros`. */
  readonly alphaInitializer?: InitializerLike | undefined;
  /** Axes along which alpha is the same, counted from 1, the batch left out: [1, 2] for one per channel of images. Default: none. */
  readonly sharedAxes?: readonly number[] | undefined;
}

const optionNames: OptionNames<PReLUOptions> = { alphaInitializer: true, sharedAxes: true, ...layerOptionNames };

/** @internal */
export class PReLU extends ShapePreservingLayer {
  static override readonly className = 'PReLU';
  readonly #alphaInitializer: Initializer;
  readonly #sharedAxes: readonly number[];

  constructor(options?: PReLUOptions) {
    const { alphaInitializer = 'zeros', sharedAxes = [], ...base } = checkOptions('layers.prelu', options, optionNames);
    super(base);
    this.#alphaInitializer = toInitializer(alphaInitializer);
    this.#sharedAxes = [...listOfNumbers('sharedAxes', sharedAxes)];
  }

  protected override createWeights([inputShape]: readonly [Shape]): void {
    for (const axis of this.#sharedAxes) wholeNumberIn('an axis of sharedAxes', axis, 1, inputShape.length);
    const shape = inputShape.map((dimension, i) => (this.#sharedAxes.includes(i + 1) ? 1 : dimension));
    this.addWeight('alpha', shape, this.#alphaInitializer);
  }

  override call([x]: readonly [Value]): Value {
    return subtract(relu(x), multiply(this.weight('alpha', x), relu(negate(x))));
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      alphaInitializer: configOf(this.#alphaInitializer),
      sharedAxes: this.#sharedAxes,
    };
  }
}

registerClass(PReLU);
