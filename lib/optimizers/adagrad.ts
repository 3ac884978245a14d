// Adagrad (Duchi, Hazan & Singer, Adaptive Subgradient Methods, 2011), as Keras computes it, of ops that are there.
import { nonNegativeNumber, positiveNumber } from '../checks.js';
import { assign } from '../ops/assign.js';
import { add, affine, divide, multiply, sqrt, square, subtract } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import { type Move, Optimizer, type OptimizerOptions, optimizerOptionNames, type Update } from './optimizer.js';

/** Defaults: `learningRate` 0.001. */
export interface AdagradOptions extends OptimizerOptions {
  /** What the sums of squares begin with, from 0 on. Default 0.1. */
  readonly initialAccumulatorValue?: number | undefined;
  /** Added to the sum of squares. Default 1e-7. */
  readonly epsilon?: number | undefined;
}

const optionNames: OptionNames<AdagradOptions> = {
  initialAccumulatorValue: true,
  epsilon: true,
  ...optimizerOptionNames,
};

/** Adagrad (Duchi, Hazan & Singer 2011), as Keras computes it. */
export class Adagrad extends Optimizer {
  readonly className = 'Adagrad';
  readonly name = 'adagrad';
  readonly #settings: { readonly initialAccumulatorValue: number; readonly epsilon: number };

  /** @internal */
  constructor(options: AdagradOptions) {
    const { initialAccumulatorValue = 0.1, epsilon = 1e-7, learningRate = 0.001, ...base } = options;
    super({ learningRate, ...base });
    this.#settings = {
      initialAccumulatorValue: nonNegativeNumber('initialAccumulatorValue', initialAccumulatorValue),
      epsilon: positiveNumber('epsilon', epsilon),
    };
  }

  override getConfig() {
    return { ...super.getConfig(), ...this.#settings };
  }

  /** s ← s + g²;  p ← p - lr · g / √(s + ε). @internal */
  protected override mover({ graph, learningRate }: Update): Move {
    const { initialAccumulatorValue, epsilon } = this.#settings;
    return (weight, gradient) => {
      const [accumulator] = this.stateOf(weight, ['accumulator'], initialAccumulatorValue);
      const before = graph.read(accumulator!);
      const squares = assign(before, add(before, square(gradient)));
      const p = graph.read(weight);
      assign(p, subtract(p, divide(multiply(learningRate, gradient), sqrt(affine(squares, 1, epsilon)))));
    };
  }
}

/** Defaults: learning rate 0.001, initial accumulator value 0.1, epsilon 1e-7. */
export const adagrad = (options?: AdagradOptions): Adagrad =>
  new Adagrad(checkOptions('optimizers.adagrad', options, optionNames));
