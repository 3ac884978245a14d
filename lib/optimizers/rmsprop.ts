// RMSprop (Tieleman & Hinton 2012), as Keras computes it.
import { numberIn, positiveNumber } from '../checks.js';
import { rmsprop as updateByRmsprop } from '../ops/rmsprop.js';
import { checkOptions, type OptionNames } from '../options.js';
import { Optimizer, type Update } from './optimizer.js';
import type { ScheduleLike } from './schedules/index.js';

export interface RMSpropOptions {
  /** A number, or what `schedules` makes. Default 0.001. */
  readonly learningRate?: number | ScheduleLike | undefined;
  /** Decay of the mean square, in [0, 1). Default 0.9. */
  readonly rho?: number | undefined;
  /** Added to the mean square. Default 1e-7. */
  readonly epsilon?: number | undefined;
}

const optionNames: OptionNames<RMSpropOptions> = { learningRate: true, rho: true, epsilon: true };

export class RMSprop extends Optimizer {
  readonly className = 'RMSprop';
  readonly #settings: { readonly rho: number; readonly epsilon: number };

  constructor(options?: RMSpropOptions) {
    const {
      learningRate = 0.001,
      rho = 0.9,
      epsilon = 1e-7,
    } = checkOptions('optimizers.rmsprop', options, optionNames);
    super(learningRate);
    this.#settings = { rho: numberIn('rho', rho, 0, 1), epsilon: positiveNumber('epsilon', epsilon) };
  }

  override getConfig() {
    return { ...super.getConfig(), ...this.#settings };
  }

  /** @internal */
  protected override update({ graph, weight, gradient, learningRate }: Update): void {
    const [s] = this.stateOf(weight, ['mean_square']);
    updateByRmsprop({ p: graph.read(weight), s: graph.read(s!), gradient, learningRate }, this.#settings);
  }
}

/** Defaults: learning rate 0.001, rho 0.9, epsilon 1e-7. */
export const rmsprop = (options?: RMSpropOptions): RMSprop => new RMSprop(options);
