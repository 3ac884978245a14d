// Nadam (Dozat, Incorporating Nesterov Momentum into Adam, 2016), as Keras computes it, of ops that are there.
import { numberIn, positiveNumber } from '../checks.js';
import { assign } from '../ops/assign.js';
import { add, affine, divide, movingAverage, multiply, sqrt, square, subtract } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { type Move, Optimizer, type OptimizerOptions, optimizerOptionNames, type Update } from './optimizer.js';
import { oneMinusPower, power } from './powers.js';

/** Defaults: `learningRate` 0.001. */
export interface NadamOptions extends OptimizerOptions {
  /** Decay of the first moment, in [0, 1), which the schedule 1 - 0.96ᵗ / 2 warms up. Default 0.9. */
  readonly beta1?: number | undefined;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number | undefined;
  /** Added to the root of the second moment. Default 1e-7. */
  readonly epsilon?: number | undefined;
}

const optionNames: OptionNames<NadamOptions> = { beta1: true, beta2: true, epsilon: true, ...optimizerOptionNames };

/** Adam with Nesterov's momentum (Dozat 2016), as Keras computes it. */
export class Nadam extends Optimizer {
  readonly className = 'Nadam';
  readonly name = 'nadam';
  readonly #settings: { readonly beta1: number; readonly beta2: number; readonly epsilon: number };

  /** @internal */
  constructor(options: NadamOptions) {
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, learningRate = 0.001, ...base } = options;
    super({ learningRate, ...base });
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

  /**
   * With u(t) = β1 (1 - 0.96ᵗ / 2) and U(t) = u(1) · … · u(t):
   * p ← p - lr · m̂ / (√v̂ + ε), m̂ = u(t+1) m / (1 - U(t+1)) + (1 - u(t)) g / (1 - U(t)), v̂ = v / (1 - β2ᵗ), m and v as Adam's.
   * @internal
   */
  protected override mover({ graph, learningRate, count, first }: Update): Move {
    const { beta1, beta2, epsilon } = this.#settings;
    const decayed = power(0.96, count!);
    const momentum = affine(decayed, -beta1 / 2, beta1);
    const nextMomentum = affine(decayed, (-0.96 * beta1) / 2, beta1);
    const before = graph.read(this.sharedState(first, { name: 'momentum_product', dtype: 'float32', initial: 1 }));
    const product = assign(before, multiply(before, momentum));
    const ofMean = divide(nextMomentum, oneMinus(multiply(product, nextMomentum)));
    const ofGradient = divide(oneMinus(momentum), oneMinus(product));
    const ofSquares = oneMinusPower(beta2, count!);
    return (weight, gradient) => {
      const [m, v] = this.stateOf(weight, ['m', 'v']);
      const mean = movingAverage(graph.read(m!), gradient, beta1);
      const squares = movingAverage(graph.read(v!), square(gradient), beta2);
      const direction = add(multiply(ofMean, mean), multiply(ofGradient, gradient));
      const size = affine(sqrt(divide(squares, ofSquares)), 1, epsilon);
      const p = graph.read(weight);
      assign(p, subtract(p, divide(multiply(learningRate, direction), size)));
    };
  }
}

function oneMinus(x: Value): Value {
  return affine(x, -1, 1);
}

/** Adam with Nesterov's momentum. Defaults: learning rate 0.001, beta1 0.9, beta2 0.999, epsilon 1e-7. */
export const nadam = (options?: NadamOptions): Nadam =>
  new Nadam(checkOptions('optimizers.nadam', options, optionNames));
