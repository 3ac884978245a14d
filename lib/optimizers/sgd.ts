// Stochastic gradient descent with momentum, as Keras computes it.
import { numberIn, trueOrFalse } from '../checks.js';
import { sgd as updateBySgd } from '../ops/sgd.js';
import { checkOptions, type OptionNames } from '../options.js';
import { type Move, Optimizer, type OptimizerOptions, optimizerOptionNames, type Update } from './optimizer.js';

/** Defaults: `learningRate` 0.01. */
export interface SGDOptions extends OptimizerOptions {
  /** In [0, 1). Default 0. */
  readonly momentum?: number | undefined;
  /** Nesterov's correction. Default false. */
  readonly nesterov?: boolean | undefined;
}

const optionNames: OptionNames<SGDOptions> = { momentum: true, nesterov: true, ...optimizerOptionNames };

/** Stochastic gradient descent, with momentum where it is asked for. */
export class SGD extends Optimizer {
  readonly className = 'SGD';
  readonly name = 'sgd';
  readonly #settings: { readonly momentum: number; readonly nesterov: boolean };

  /** @internal */
  constructor(options: SGDOptions) {
    const { momentum = 0, nesterov = false, learningRate = 0.01, ...base } = options;
    super({ learningRate, ...base });
    this.#settings = { momentum: numberIn('momentum', momentum, 0, 1), nesterov: trueOrFalse('nesterov', nesterov) };
  }

  override getConfig() {
    return { ...super.getConfig(), ...this.#settings };
  }

  /** @internal */
  protected override mover({ graph, learningRate }: Update): Move {
    return (weight, gradient) => {
      const [velocity] = this.stateOf(weight, ['velocity']);
      updateBySgd({ p: graph.read(weight), velocity: graph.read(velocity!), gradient, learningRate }, this.#settings);
    };
  }
}

/** Defaults: learning rate 0.01, no momentum. */
export const sgd = (options?: SGDOptions): SGD => new SGD(checkOptions('optimizers.sgd', options, optionNames));
