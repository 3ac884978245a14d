// Stochastic gradient descent with momentum, as Keras computes it.
import { numberIn, trueOrFalse } from '../checks.js';
import { sgd as updateBySgd } from '../ops/sgd.js';
import { checkOptions, type OptionNames } from '../options.js';
import { Optimizer, type Update } from './optimizer.js';
import type { ScheduleLike } from './schedules/index.js';

export interface SGDOptions {
  /** A number, or what `schedules` makes. Default 0.01. */
  readonly learningRate?: number | ScheduleLike | undefined;
  /** In [0, 1). Default 0. */
  readonly momentum?: number | undefined;
  /** Nesterov's correction. Default false. */
  readonly nesterov?: boolean | undefined;
}

const optionNames: OptionNames<SGDOptions> = { learningRate: true, momentum: true, nesterov: true };

export class SGD extends Optimizer {
  readonly className = 'SGD';
  readonly #settings: { readonly momentum: number; readonly nesterov: boolean };

  constructor(options?: SGDOptions) {
    const {
      learningRate = 0.01,
      momentum = 0,
      nesterov = false,
    } = checkOptions('optimizers.sgd', options, optionNames);
    super(learningRate);
    this.#settings = { momentum: numberIn('momentum', momentum, 0, 1), nesterov: trueOrFalse('nesterov', nesterov) };
  }

  override getConfig() {
    return { ...super.getConfig(), ...this.#settings };
  }

  /** @internal */
  protected override update({ graph, weight, gradient, learningRate }: Update): void {
    const [velocity] = this.stateOf(weight, ['velocity']);
    updateBySgd({ p: graph.read(weight), velocity: graph.read(velocity!), gradient, learningRate }, this.#settings);
  }
}

/** Defaults: learning rate 0.01, no momentum. */
export const sgd = (options?: SGDOptions): SGD => new SGD(options);
