// Adam (Kingma & Ba 2015), as Keras computes it; with decoupled weight decay it is AdamW (Loshchilov & Hutter 2019).
import { numberIn, positiveNumber, trueOrFalse } from '../checks.js';
import { adam as updateByAdam } from '../ops/adam.js';
import { checkOptions, type OptionNames } from '../options.js';
import { moveByAmsgrad } from './amsgrad.js';
import { type Move, Optimizer, type OptimizerOptions, optimizerOptionNames, type Update } from './optimizer.js';

/** Defaults: `learningRate` 0.001; `weightDecay` 0, of `adamW` 0.004. */
export interface AdamOptions extends OptimizerOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number | undefined;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number | undefined;
  /** Added to the root of the second moment. Default 1e-7. */
  readonly epsilon?: number | undefined;
  /** Whether the second moment counts by the largest it has been (Reddi, Kale & Kumar 2018). Default false. */
  readonly amsgrad?: boolean | undefined;
}

const optionNames: OptionNames<AdamOptions> = {
  beta1: true,
  beta2: true,
  epsilon: true,
  amsgrad: true,
  ...optimizerOptionNames,
};

/** Adam (Kingma & Ba 2015), as Keras computes it. */
export class Adam extends Optimizer {
  readonly className: string = 'Adam';
  readonly name: string = 'adam';
  readonly #settings: { readonly beta1: number; readonly beta2: number; readonly epsilon: number };
  readonly #amsgrad: boolean;

  /** @internal */
  constructor(options: AdamOptions) {
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, amsgrad = false, learningRate = 0.001, ...base } = options;
    super({ learningRate, ...base });
    this.#settings = {
      beta1: numberIn('beta1', beta1, 0, 1),
      beta2: numberIn('beta2', beta2, 0, 1),
      epsilon: positiveNumber('epsilon', epsilon),
    };
    this.#amsgrad = trueOrFalse('amsgrad', amsgrad);
  }

  override getConfig() {
    return { ...super.getConfig(), ...this.#settings, ...(this.#amsgrad && { amsgrad: true }) };
  }

  /** @internal */
  protected override get countsUpdates(): boolean {
    return true;
  }

  /** @internal */
  protected override mover(update: Update): Move {
    const { graph, learningRate, count } = update;
    if (this.#amsgrad) {
      const move = moveByAmsgrad(update, this.#settings);
      return (weight, gradient) => move(weight, this.stateOf(weight, ['m', 'v', 'v_hat']), gradient);
    }
    return (weight, gradient) => {
      const [m, v] = this.stateOf(weight, ['m', 'v']);
      updateByAdam(
        { p: graph.read(weight), m: graph.read(m!), v: graph.read(v!), gradient, t: count!, learningRate },
        this.#settings,
      );
    };
  }
}

/** Adam with decoupled weight decay (Loshchilov & Hutter 2019). */
export class AdamW extends Adam {
  override readonly className = 'AdamW';
  override readonly name = 'adamW';

  override getConfig() {
    return { weightDecay: 0, ...super.getConfig() };
  }
}

/** Defaults: learning rate 0.001, beta1 0.9, beta2 0.999, epsilon 1e-7. */
export const adam = (options?: AdamOptions): Adam => new Adam(checkOptions('optimizers.adam', options, optionNames));

/** Adam whose weights decay. Defaults: those of `adam`, and weight decay 0.004. */
export const adamW = (options?: AdamOptions): AdamW => {
  const { weightDecay = 0.004, ...others } = checkOptions('optimizers.adamW', options, optionNames);
  return new AdamW({ weightDecay, ...others });
};
