// Holds gradients to finite differences of the function they belong to, in float64.

import { add, multiply } from '../../lib/ops/binary';
import { gradients } from '../../lib/ops/gradients';
import { randomNormal } from '../../lib/ops/random-normal';
import { sum } from '../../lib/ops/sum';
import type { Graph } from '../../lib/program/graph';
import type { Value } from '../../lib/program/value';
import { RandomStream } from '../../lib/random/random-stream';
import type { Tensor } from '../../lib/tensor';
import { runExact } from '../support/run';

/** A scalar of some inputs. */
export type Scalar = (inputs: Value[], graph: Graph) => Value;

/** The sum of all elements, each times a random number, so that every element counts differently. */
export function project(values: readonly Value[], graph: Graph): Value {
  return values.map((value) => sum(multiply(value, randomNormal(graph, value.shape)))).reduce(add);
}

export interface Comparison {
  /** The derivative along a random direction: by the gradients, and by differences. */
  readonly gradient: number;
  readonly difference: number;
  /** Bound of the error of `difference`. */
  readonly error: number;
  /** Size of the terms that make up the derivative. */
  readonly scale: number;
}

/** Step of the differences. Its fourth power, times what fifth derivatives bring, is about float64's precision. */
const h = 1e-4;
/**
 * Float64's roundoff, 1.1e-16, times 1000: for the roundings of up to a hundred terms, and of intermediate results that
 * are ten times as large as the result.
 */
const rounding = 1000 * 2 ** -53;

/** Compares the gradients of `scalar` with respect to the inputs `wrt` with its differences along a random direction. */
export async function compare(
  inputs: readonly Tensor[],
  wrt: readonly number[],
  scalar: Scalar,
  seed: number,
): Promise<Comparison> {
  const random = new RandomStream(seed, 1);
  const directions = wrt.map((i) => Float64Array.from(inputs[i]!.data, () => random.normal()));
  const [, ...found] = await runExact(inputs, (values, graph) => {
    const result = scalar(values, graph);
    return [
      result,
      ...gradients(
        [result],
        wrt.map((i) => values[i]!),
      ),
    ];
  });
  const terms = found.flatMap((slope, k) => [...slope].map((element, j) => element * directions[k]![j]!));

  const at = async (distance: number) => {
    const moved = inputs.map((input, i) => {
      const direction = directions[wrt.indexOf(i)];
      if (direction === undefined) return input;
      return { ...input, exact: Float64Array.from(input.data, (x, j) => x + distance * direction[j]!) };
    });
    const [result] = await runExact(moved, (values, graph) => [scalar(values, graph)]);
    return result![0]!;
  };
  // Central differences err by c h² + O(h⁴); Richardson's combination of two cancels the first term. The combination at
  // 2 h errs 16 times as much as that at h: what the two differ by bounds the error of the better one. Close to a kink
  // it is large, and the caller leaves the sample out.
  const quotients: number[] = [];
  for (const distance of [h, 2 * h, 4 * h])
    quotients.push(((await at(distance)) - (await at(-distance))) / (2 * distance));
  const [fine, coarse] = [(4 * quotients[0]! - quotients[1]!) / 3, (4 * quotients[1]! - quotients[2]!) / 3];
  const scale = terms.reduce((total, term) => total + Math.abs(term), Math.abs(await at(0)));
  return {
    gradient: terms.reduce((total, term) => total + term, 0),
    difference: fine,
    error: Math.abs(fine - coarse) + (rounding / h) * scale,
    scale,
  };
}
