// Holds the gradient of every op, and the gradient of that gradient, to finite differences.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gradients } from '../../lib/ops/gradients';
import { imageCases } from '../support/image-cases';
import { type Draw, opCases, sampleOf, smallDraws } from '../support/op-cases';
import { compare, project, type Scalar } from './finite-differences';

/** batchNorm's mean and variance pass no gradients on: only y is looked at. */
const lookedAt: Readonly<Record<string, number>> = { batchNorm: 1 };
/** The case computes mean and variance from x, as whoever uses batchNormGradient does. */
const alsoDifferentiable: Readonly<Record<string, readonly number[]>> = { batchNormGradient: [0, 1, 2] };

const cases = { ...opCases, ...imageCases };

function differentiableSample(name: string, draw: Draw) {
  const { inputs, build, differentiable = [] } = sampleOf(cases[name]!, draw);
  const wrt = alsoDifferentiable[name] ?? differentiable;
  const first: Scalar = (values, graph) => project(build(values, graph).slice(0, lookedAt[name]), graph);
  const second: Scalar = (values, graph) => {
    const slopes = gradients(
      [first(values, graph)],
      wrt.map((i) => values[i]!),
    );
    return project(slopes, graph);
  };
  return { inputs, wrt, first, second };
}

const aDraw = { a: 2, b: 2, c: 2, seed: 1 };
const differentiableOps = Object.keys(cases).filter((name) => differentiableSample(name, aDraw).wrt.length > 0);

describe.each(['first', 'second'] as const)('gradients of the %s order agree with finite differences', (order) => {
  test.each(differentiableOps)('%s', async (name) => {
    await fc.assert(
      fc.asyncProperty(smallDraws, async (draw) => {
        const { inputs, wrt, [order]: scalar } = differentiableSample(name, draw);
        const { gradient, difference, error, scale } = await compare(inputs, wrt, scalar, draw.seed);
        fc.pre(error <= 1e-6 * scale);
        expect(Math.abs(gradient - difference)).toBeLessThanOrEqual(error);
      }),
      { numRuns: 12 },
    );
  });
});
