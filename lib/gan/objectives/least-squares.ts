// Least squares (Mao et al., Least Squares Generative Adversarial Networks, 2017).
import { builtIn } from '../../built-in.js';
import { numberIn } from '../../checks.js';
import { affine, mean, square } from '../../ops/index.js';
import { checkOptions } from '../../options.js';
import type { Value } from '../../program/value.js';
import { type CrossEntropyOptions, labelSmoothingNames } from './cross-entropy.js';
import type { SeparateObjective } from './objective.js';

/** D: (D(x) - 1)² + D(G(z))². G: (D(G(z)) - 1)². The logits are the predictions: the discriminator needs no sigmoid. */
export function leastSquares(options?: CrossEntropyOptions): SeparateObjective {
  const { labelSmoothing = 0 } = checkOptions('objectives.leastSquares', options, labelSmoothingNames);
  numberIn('labelSmoothing', labelSmoothing, 0, 0.5);
  return builtIn({
    name: 'leastSquares',
    options: { ...(labelSmoothing > 0 && { labelSmoothing }) },
    threshold: 0.5,
    real: (real) => squaredError(real, 1 - labelSmoothing),
    fake: (fake) => squaredError(fake, 0),
    generator: (fake) => squaredError(fake, 1),
  });
}

function squaredError(logits: Value, target: number): Value {
  return mean(square(target === 0 ? logits : affine(logits, 1, -target)));
}
