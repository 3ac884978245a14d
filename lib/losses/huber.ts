// Huber's loss (Robust Estimation of a Location Parameter, 1964): squared for small errors, absolute for large ones.
import { positiveNumber } from '../checks.js';
import { abs, affine, fill, mean, minimum, multiply, subtract } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Loss } from './loss.js';
import { requireValues } from './require-values.js';

/** What `huber` takes. */
export interface HuberOptions {
  /** Errors up to it count by their square. Default 1. */
  readonly delta?: number | undefined;
}

const optionNames: OptionNames<HuberOptions> = { delta: true };

/** Mean over all elements of e² / 2 where |e| ≤ delta, else delta · (|e| - delta / 2); e = prediction - target. */
export function huber(targets: Value, predictions: Value, options?: HuberOptions): Value {
  return mean(unreducedHuber(options)(targets, predictions));
}

/** Of every element. */
export function unreducedHuber(options?: HuberOptions): Loss {
  const { delta = 1 } = checkOptions('losses.huber', options, optionNames);
  positiveNumber('delta', delta);
  return (targets, predictions) => {
    requireValues('losses.huber', targets, predictions);
    const error = abs(subtract(predictions, targets));
    // With q = min(|e|, delta) both cases are q · (|e| - q / 2).
    const quadratic = minimum(fill(error.graph, [], delta), error);
    return multiply(quadratic, subtract(error, affine(quadratic, 0.5)));
  };
}
