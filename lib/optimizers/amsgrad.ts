// AMSGrad (Reddi, Kale & Kumar, On the Convergence of Adam and Beyond, 2018), as Keras computes it, of ops that are there:
// v̂ ← max(v̂, v);  p ← p - lr · √(1 - β2ᵗ) / (1 - β1ᵗ) · m / (√v̂ + ε), m and v as Adam's.
import type { AdamAttributes } from '../ops/adam.js';
import { assign } from '../ops/assign.js';
import { affine, divide, maximum, movingAverage, multiply, sqrt, square, subtract } from '../ops/index.js';
import type { Value } from '../program/value.js';
import type { Variable } from '../program/variable.js';
import type { Update } from './optimizer.js';
import { oneMinusPower } from './powers.js';

type MoveWithState = (weight: Variable, state: readonly Variable[], gradient: Value) => void;

/** What moves a weight, whose state is m, v and v̂. */
export function moveByAmsgrad(
  { graph, learningRate, count }: Update,
  { beta1, beta2, epsilon }: AdamAttributes,
): MoveWithState {
  const unbiased = divide(sqrt(oneMinusPower(beta2, count!)), oneMinusPower(beta1, count!));
  const rate = multiply(learningRate, unbiased);
  return (weight, state, gradient) => {
    const [m, v, vHat] = state.map((variable) => graph.read(variable)) as [Value, Value, Value];
    const mean = movingAverage(m, gradient, beta1);
    const largest = assign(vHat, maximum(vHat, movingAverage(v, square(gradient), beta2)));
    const step = divide(multiply(rate, mean), affine(sqrt(largest), 1, epsilon));
    const p = graph.read(weight);
    assign(p, subtract(p, step));
  };
}
