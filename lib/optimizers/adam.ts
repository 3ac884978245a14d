// Adam (Kingma & Ba 2015), as Keras computes it.
import { numberIn, positiveNumber } from '../checks.js';
import { adam as updateByAdam } from '../ops/adam.js';
import { checkOptions, type OptionNames } from '../options.js';
import { Optimizer, type Update } from './optimizer.js';
import type { ScheduleLike } from './schedules/index.js';

export interface AdamOptions {
  /** A number, or what `schedules` makes. Default 0.001. */
  readonly learningRate?: number | ScheduleLike | undefined;
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number | undefined;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number | undefined;
  /** Added to the root of the second moment. Default 1e-7. */
  readonly epsilon?: number | undefined;
}

const optionNames: OptionNames<AdamOptions> = { learningRate: true, beta1: true, beta2: true, epsilon: true };

export class Adam extends Optimizer {
  readonly className = 'Adam';
  readonly #settings: { readonly beta1: number; readonly beta2: number; readonly epsilon: number };

  constructor(options?: AdamOptions) {
    const {
      learningRate = 0.001,
      beta1 = 0.9,
      beta2 = 0.999,
      epsilon = 1e-7,
    } = checkOptions('optimizers.adam', options, optionNames);
    super(learningRate);
    this.#settings = {
      beta1: numberIn('beta1', beta1, 0, 1),
      beta2: numberIn('beta2', beta2, 0, 1),
      epsilon: positiveNumber('epsilon', epsilon),
    };
  }

  override getConfig() {
    return { ...super.getConfig(), ...this.#settings };
  }

  /** @internal */
  protected override get countsUpdates(): boolean {
    return true;
  }

  /** @internal */
  protected override update({ graph, weight, gradient, learningRate, count }: Update): void {
    const [m, v] = this.stateOf(weight, ['m', 'v']);
    updateByAdam(
      { p: graph.read(weight), m: graph.read(m!), v: graph.read(v!), gradient, t: count!, learningRate },
      this.#settings,
    );
  }
}

/** Defaults: learning rate 0.001, beta1 0.9, beta2 0.999, epsilon 1e-7. */
export const adam = (options?: AdamOptions): Adam => new Adam(options);
