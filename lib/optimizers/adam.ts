// Adam (Kingma & Ba 2015), as Keras computes it.
import { numberIn, positiveNumber } from '../checks.js';
import { adam as updateByAdam } from '../ops/adam.js';
import { increment } from '../ops/increment.js';
import type { Graph } from '../program/graph.js';
import type { Value } from '../program/value.js';
import { Variable } from '../program/variable.js';
import { Optimizer } from './optimizer.js';

export interface AdamOptions {
  /** Default 0.001. */
  readonly learningRate?: number | undefined;
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number | undefined;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number | undefined;
  /** Added to the root of the second moment. Default 1e-7. */
  readonly epsilon?: number | undefined;
}

export class Adam extends Optimizer {
  readonly className = 'Adam';
  readonly #settings: { readonly beta1: number; readonly beta2: number; readonly epsilon: number };
  readonly #updates = new Variable({ name: 'adam/updates', shape: [], dtype: 'int32' });

  constructor({ learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamOptions = {}) {
    super(learningRate);
    this.#settings = {
      beta1: numberIn('beta1', beta1, 0, 1),
      beta2: numberIn('beta2', beta2, 0, 1),
      epsilon: positiveNumber('epsilon', epsilon),
    };
  }

  override get variables(): readonly Variable[] {
    return [this.#updates, ...super.variables];
  }

  override getConfig() {
    return { ...super.getConfig(), ...this.#settings };
  }

  /** @internal */
  protected override beginUpdate(graph: Graph): void {
    increment(graph.read(this.#updates));
  }

  /** @internal */
  protected override update(graph: Graph, weight: Variable, gradient: Value, learningRate: Value): void {
    const [m, v] = this.stateOf(weight, ['m', 'v']);
    updateByAdam(
      {
        p: graph.read(weight),
        m: graph.read(m!),
        v: graph.read(v!),
        gradient,
        t: graph.read(this.#updates),
        learningRate,
      },
      this.#settings,
    );
  }
}

/** Defaults: learning rate 0.001, beta1 0.9, beta2 0.999, epsilon 1e-7. */
export const adam = (options?: AdamOptions): Adam => new Adam(options);
