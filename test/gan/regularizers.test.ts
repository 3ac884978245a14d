// The regularizers: penalties and their gradients as PyTorch computes them, and what their papers say of them.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toRegularizer } from '../../lib/gan/regularizers';
import type { Judged, Regularizer } from '../../lib/gan/regularizers/regularizer';
import { regularizers, type Tensor, tensor } from '../../lib/index';
import { add, matmul, reshape, tanh } from '../../lib/ops';
import { gradients } from '../../lib/ops/gradients';
import type { Value } from '../../lib/program/value';
import { noteMissingGpu } from '../support/devices';
import { floats, mismatches } from '../support/keras';
import { runExact } from '../support/run';
import { comparedDevices, inShort, pytorch } from './pytorch';

type Discriminator = (images: Value) => Value;

/** The penalty of a discriminator for real and generated images. */
function penaltyOf({ penalty }: Regularizer, [real, fake]: readonly Value[], discriminator: Discriminator): Value {
  const seen = (images: Value): Judged => ({ images, logits: discriminator(images) });
  return penalty!({ real: seen(real!), fake: seen(fake!), judge: discriminator });
}

/** Of images [n, 2, 2, 1]. */
const flat = (images: Value) => reshape(images, [images.shape[0]!, 4]);

noteMissingGpu();

describe.each(comparedDevices())(
  'penalties and their gradients by the weights are those of PyTorch on $label',
  ({ run, tolerance }) => {
    const cases = pytorch.regularizers.map((golden) => [inShort(golden.regularizer), golden] as const);

    test.each(cases)('%s', async (_, { regularizer, value, gradients: wanted, rounding }) => {
      const inputs = [pytorch.pair.real, pytorch.pair.fake, ...pytorch.starts.plain.discriminator].map(floats);
      const found = await run(inputs, ([real, fake, ...weights]) => {
        const [kernel, bias, lastKernel, lastBias] = weights as [Value, Value, Value, Value];
        const hidden = (images: Value) => tanh(add(matmul(flat(images), kernel), bias));
        const discriminator = (images: Value) => add(matmul(hidden(images), lastKernel), lastBias);
        const penalty = penaltyOf(toRegularizer(regularizer), [real!, fake!], discriminator);
        return [penalty, ...gradients([penalty], weights)];
      });
      const near = (number: number) => tolerance(number, rounding);
      expect(found.map((data, i) => mismatches(data, [[value], ...wanted][i]!, near))).toEqual(found.map(() => []));
    });
  },
);

describe('of a linear discriminator, whose slope is its kernel w everywhere,', () => {
  const numbers = (length: number) =>
    fc
      .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: length, maxLength: length })
      .map((data) => Float32Array.from(data));
  /** Three real and three generated images, and the kernel. */
  const drawn = fc.tuple(numbers(12), numbers(12), numbers(4));

  async function penalty(regularizer: Regularizer, [real, fake, kernel]: readonly Float32Array[]): Promise<number> {
    const images = [real!, fake!].map((data): Tensor => tensor(data, [3, 2, 2, 1]));
    const [found] = await runExact([...images, tensor(kernel!, [4, 1])], ([x, y, w]) => [
      penaltyOf(regularizer, [x!, y!], (values) => matmul(flat(values), w!)),
    ]);
    return found![0]!;
  }

  const squaredNorm = (kernel: Float32Array) => kernel.reduce((sum, weight) => sum + weight ** 2, 0);
  /** Sums of four products, rounded to 2⁻⁵³ each. */
  const digits = 2 ** -50;

  test.each(['r1', 'r2'] as const)('%s is γ/2 ‖w‖²', async (name) => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.double({ min: 0.01, max: 100, noNaN: true }), async (given, gamma) => {
        const wanted = (gamma / 2) * squaredNorm(given[2]);
        expect(Math.abs((await penalty(regularizers[name]({ gamma }), given)) - wanted)).toBeLessThanOrEqual(
          digits * wanted,
        );
      }),
      { numRuns: 20 },
    );
  });

  test('the gradient penalty is λ (‖w‖ - target)²', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.constantFrom(0, 1, 2.5), async (given, target) => {
        const norm = Math.sqrt(squaredNorm(given[2]) + 1e-12);
        const found = await penalty(regularizers.gradientPenalty({ weight: 3, target }), given);
        expect(Math.abs(found - 3 * (norm - target) ** 2)).toBeLessThanOrEqual(digits * 3 * (norm + target) ** 2);
      }),
      { numRuns: 20 },
    );
  });

  test('the gradient penalty of a slope of 1 is zero, and that of a flat discriminator is λ', async () => {
    const images = new Float32Array(12).map((_, i) => i / 8 - 1);
    const of = (kernel: number[]) =>
      penalty(regularizers.gradientPenalty(), [images, images, Float32Array.from(kernel)]);
    // The norm is the root of the squares plus 1e-12, so that it has a gradient where it is zero.
    expect(await of([0.5, -0.5, 0.5, 0.5])).toBeLessThan(1e-22);
    expect(await of([0, 0, 0, 0])).toBeCloseTo(10, 4);
  });
});

test('weight clipping leaves weights within the limit, and brings others to it', async () => {
  const weights = fc.float32Array({ minLength: 1, maxLength: 8, noNaN: true });
  await fc.assert(
    fc.asyncProperty(weights, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), async (data, limit) => {
      const { constrain } = regularizers.weightClipping({ limit });
      const [clipped] = await runExact([tensor(data, [data.length])], ([weight]) => [constrain!(weight!)]);
      expect([...clipped!]).toEqual([...data].map((weight) => Math.min(Math.max(weight, -limit), limit)));
    }),
    { numRuns: 50 },
  );
});
