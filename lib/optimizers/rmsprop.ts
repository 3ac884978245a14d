// RMSprop (Tieleman & Hinton 2012), as Keras computes it.
import { numberIn, positiveNumber } from '../checks.js';
import { rmsprop as updateByRmsprop } from '../ops/rmsprop.js';
import { checkOptions, type OptionNames } from '../options.js';
import { type Move, Optimizer, type OptimizerOptions, optimizerOptionNames, type Update } from './optimizer.js';

/** Defaults: `learningRate` 0.001. */
export interface RMSpropOptions extends OptimizerOptions {
  /** Decay of the mean square, in [0, 1). Default 0.9. */
  readonly rho?: number | undefined;
  /** Added to the mean square. Default 1e-7. */
  readonly epsilon?: number | undefined;
}

const optionNames: OptionNames<RMSpropOptions> = { rho: true, epsilon: true, ...optimizerOptionNames };

/** RMSprop (Tieleman & Hinton 2012), as Keras computes it. */
export class RMSprop extends Optimizer {
  readonly className = 'RMSprop';
  readonly name = 'rmsprop';
  readonly #settings: { readonly rho: number; readonly epsilon: number };

  /** @internal */
  constructor(options: RMSpropOptions) {
    const { rho = 0.9, epsilon = 1e-7, learningRate = 0.001, ...base } = options;
    super({ learningRate, ...base });
    this.#settings = { rho: numberIn('rho', rho, 0, 1), epsilon: positiveNumber('epsilon', epsilon) };
  }

  override getConfig() {
    return { ...super.getConfig(), ...this.#settings };
  }

  /** @internal */
  protected override mover({ graph, learningRate }: Update): Move {
    return (weight, gradient) => {
      const [s] = this.stateOf(weight, ['mean_square']);
      updateByRmsprop({ p: graph.read(weight), s: graph.read(s!), gradient, learningRate }, this.#settings);
    };
  }
}

/** Defaults: learning rate 0.001, rho 0.9, epsilon 1e-7. */
export const rmsprop = (options?: RMSpropOptions): RMSprop =>
  new RMSprop(checkOptions('optimizers.rmsprop', options, optionNames));
