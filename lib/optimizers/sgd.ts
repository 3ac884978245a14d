// Stochastic gradient descent with momentum, as Keras computes it.
import { numberIn } from '../checks.js';
import { sgd as updateBySgd } from '../ops/sgd.js';
import type { Graph } from '../program/graph.js';
import type { Value } from '../program/value.js';
import type { Variable } from '../program/variable.js';
import { Optimizer } from './optimizer.js';

export interface SGDOptions {
  /** Default 0.01. */
  readonly learningRate?: number | undefined;
  /** In [0, 1). Default 0. */
  readonly momentum?: number | undefined;
  /** Nesterov's correction. Default false. */
  readonly nesterov?: boolean | undefined;
}

export class SGD extends Optimizer {
  readonly className = 'SGD';
  readonly #settings: { readonly momentum: number; readonly nesterov: boolean };

  constructor({ learningRate = 0.01, momentum = 0, nesterov = false }: SGDOptions = {}) {
    super(learningRate);
    this.#settings = { momentum: numberIn('momentum', momentum, 0, 1), nesterov };
  }

  override getConfig() {
    return { ...super.getConfig(), ...this.#settings };
  }

  /** @internal */
  protected override update(graph: Graph, weight: Variable, gradient: Value, learningRate: Value): void {
    const [velocity] = this.stateOf(weight, ['velocity']);
    updateBySgd({ p: graph.read(weight), velocity: graph.read(velocity!), gradient, learningRate }, this.#settings);
  }
}

/** Defaults: learning rate 0.01, no momentum. */
export const sgd = (options?: SGDOptions): SGD => new SGD(options);
