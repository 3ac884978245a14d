// A share of samples, with Wilson's interval (Probable Inference, the Law of Succession, and Statistical Inference, 1927).
import type { Estimate } from './intervals.js';
import { normalQuantile } from './normal-quantile.js';

/** `count` of `samples`. The interval does not leave 0 to 1, and is right for shares close to them, too. */
export function shareOf(count: number, samples: number, confidence: number): Estimate {
  const value = count / samples;
  const z = normalQuantile((1 + confidence) / 2);
  const weight = z ** 2 / samples;
  const middle = (value + weight / 2) / (1 + weight);
  const reach = (z * Math.sqrt((value * (1 - value)) / samples + weight / (4 * samples))) / (1 + weight);
  return { value, low: Math.max(0, middle - reach), high: Math.min(1, middle + reach), confidence };
}
