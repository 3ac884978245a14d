// Quantiles of the standard normal distribution.
import { upperGamma } from './upper-gamma.js';

/** The z with P(Z ≤ z) = `probability`, from 0.5 to below 1: by bisection, to the last bits. */
export function normalQuantile(probability: number): number {
  let [low, high] = [0, 40];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    // P(Z > z) is half of P(Z² > z²), Z² being χ² of one degree of freedom.
    if (1 - upperGamma(0.5, middle ** 2 / 2) / 2 < probability) low = middle;
    else high = middle;
  }
  return low;
}
