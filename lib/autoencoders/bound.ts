// The parts of the evidence lower bound (Kingma & Welling, Auto-Encoding Variational Bayes, 2014), as functions of Values.
import {
  add,
  affine,
  binaryCrossentropy,
  categoricalCrossentropy,
  concat,
  exp,
  fill,
  multiply,
  negate,
  reshape,
  slice,
  square,
  subtract,
  sum,
} from '../ops/index.js';
import type { Value } from '../program/value.js';
import { sizeOf } from '../tensor.js';

/** The approximate posterior q(z|x): independent normal numbers, [n, latentDim] each. */
export interface Posterior {
  readonly mean: Value;
  /** ln σ² */
  readonly logVariance: Value;
}

/** KL(q(z|x) ‖ N(0, 1)) = ½ Σ (μ² + σ² - 1 - ln σ²), [n]. */
export function klOfPosterior({ mean, logVariance }: Posterior): Value {
  const excess = subtract(add(square(mean), exp(logVariance)), affine(logVariance, 1, 1));
  return affine(sum(excess, -1), 0.5);
}

/** z = μ + σ ε, for `epsilon` [n, samples, latentDim]: the draws of each row, one after the other, [n · samples, latentDim]. */
export function latentsOf({ mean, logVariance }: Posterior, epsilon: Value): Value {
  const [n, samples, latentDim] = epsilon.shape as [number, number, number];
  const perRow = (value: Value) => reshape(value, [n, 1, latentDim]);
  const deviation = exp(affine(logVariance, 0.5));
  return reshape(add(perRow(mean), multiply(perRow(deviation), epsilon)), [n * samples, latentDim]);
}

/** ln p(z) - ln q(z|x) = ½ Σ (ε² + ln σ² - z²), for z as `latentsOf` makes them: [n, samples]. */
export function logRatioOf({ logVariance }: Posterior, epsilon: Value, latents: Value): Value {
  const [n, , latentDim] = epsilon.shape as [number, number, number];
  const drawn = subtract(square(epsilon), square(reshape(latents, epsilon.shape)));
  return affine(sum(add(drawn, reshape(logVariance, [n, 1, latentDim])), -1), 0.5);
}

/** ln p(x|z) of pixels that are 0 or 1, or anything between, from logits of the same shape: Σ x ln p + (1 - x) ln (1 - p), [n]. */
export function bernoulliLogLikelihood(images: Value, logits: Value): Value {
  return negate(perImage(binaryCrossentropy(logits, images)));
}

/** ln p(x|z) of pixels with normal noise of this variance around `means`, [n]. */
export function gaussianLogLikelihood(images: Value, means: Value, variance: number): Value {
  const pixels = sizeOf(images.shape.slice(1));
  const squares = perImage(square(subtract(images, means)));
  return affine(squares, -0.5 / variance, -0.5 * pixels * Math.log(2 * Math.PI * variance));
}

/** ln of the mean of e^x over the rows of x [n, samples]: [n]. The largest is taken out first, so nothing overflows. */
export function logMeanExp(x: Value): Value {
  const [n, samples] = x.shape as [number, number];
  // ln Σ e^x - x₀ is the cross-entropy of the softmax of x with "class 0".
  const { graph } = x;
  const first = concat([fill(graph, [n, 1], 1), fill(graph, [n, samples - 1], 0)], 1);
  const beyondFirst = categoricalCrossentropy(x, first);
  return affine(add(beyondFirst, reshape(slice(x, [0, 0], [n, 1]), [n])), 1, -Math.log(samples));
}

function perImage(x: Value): Value {
  const n = x.shape[0]!;
  return sum(reshape(x, [n, sizeOf(x.shape) / n]), -1);
}
