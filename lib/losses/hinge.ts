// Hinge loss, of targets -1 and 1 and predictions that are to be beyond them.
import { add, affine, equal, fill, maximum, mean, multiply, subtract, sum } from '../ops/index.js';
import type { Value } from '../program/value.js';
import { type Loss, requireNoOptions } from './loss.js';
import { requireValues } from './require-values.js';

/** Mean of max(0, 1 - target · prediction) over all elements. Targets that are all 0 or 1 count as -1 and 1, as in Keras. */
export function hinge(targets: Value, predictions: Value): Value {
  return mean(unreducedHinge()(targets, predictions));
}

/** Of every element. */
export function unreducedHinge(options?: object): Loss {
  requireNoOptions('losses.hinge', options);
  return (targets, predictions) => {
    requireValues('losses.hinge', targets, predictions);
    const margin = affine(multiply(signed(targets), predictions), -1, 1);
    return maximum(fill(margin.graph, [], 0), margin);
  };
}

/** 2t - 1 where all targets of the batch are 0 or 1, else t. */
function signed(targets: Value): Value {
  const is = (value: number) => equal(targets, fill(targets.graph, [], value));
  const others = sum(affine(add(is(0), is(1)), -1, 1));
  const binary = equal(others, fill(targets.graph, [], 0));
  return add(targets, multiply(binary, subtract(targets, fill(targets.graph, [], 1))));
}
