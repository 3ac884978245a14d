// The objectives: losses and gradients as PyTorch computes them, and what their papers say of them.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toObjective } from '../../lib/gan/objectives';
import { isPaired, type Objective } from '../../lib/gan/objectives/objective';
import { add } from '../../lib/ops';
import { gradients } from '../../lib/ops/gradients';
import type { Value } from '../../lib/program/value';
import { compare } from '../gradients/finite-differences';
import { noteMissingGpu } from '../support/devices';
import { floats, mismatches } from '../support/keras';
import { comparedDevices, type GoldenLoss, inShort, pytorch } from './pytorch';

/** What the discriminator minimises, from logits of real and of generated images. */
function discriminatorLoss(objective: Objective, real: Value, fake: Value): Value {
  if (isPaired(objective)) return objective.discriminator(real, fake);
  return add(objective.real(real), objective.fake(fake));
}

function generatorLoss(objective: Objective, real: Value, fake: Value): Value {
  return isPaired(objective) ? objective.generator(fake, real) : objective.generator(fake);
}

noteMissingGpu();

const cases = pytorch.objectives.map((golden) => [inShort(golden.objective), golden] as const);

describe.each(comparedDevices())('losses and gradients by the logits are those of PyTorch on $label', (device) => {
  const inputs = [floats(pytorch.logits.real), floats(pytorch.logits.fake)];
  const none = pytorch.logits.real.data.map(() => 0);

  test.each(cases)('%s', async (_, golden) => {
    const { rounding } = golden;
    const objective = toObjective(golden.objective);
    const agree = async (lossOf: typeof generatorLoss, { loss, real = none, fake = none }: GoldenLoss) => {
      const found = await device.run(inputs, ([x, y]) => {
        const value = lossOf(objective, x!, y!);
        return [value, ...gradients([value], [x!, y!])];
      });
      const wanted = [[loss], real, fake];
      expect(
        found.map((data, i) => mismatches(data, wanted[i]!, (value) => device.tolerance(value, rounding))),
      ).toEqual([[], [], []]);
    };
    await agree(discriminatorLoss, golden.discriminator);
    await agree(generatorLoss, golden.generator);
  });
});

describe('gradients by the logits agree with finite differences', () => {
  const logits = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 3, maxLength: 3 });
  test.each(cases)('%s', async (_, golden) => {
    const objective = toObjective(golden.objective);
    await fc.assert(
      fc.asyncProperty(logits, logits, fc.nat(), async (real, fake, seed) => {
        const inputs = [real, fake].map((data) => ({ shape: [3, 1], data: Float32Array.from(data) }));
        for (const lossOf of [discriminatorLoss, generatorLoss]) {
          const scalar = ([x, y]: Value[]) => lossOf(objective, x!, y!);
          const { gradient, difference, error, scale } = await compare(inputs, [0, 1], scalar, seed);
          // Next to a kink of the hinge differences say nothing.
          fc.pre(error <= 1e-6 * scale);
          expect(Math.abs(gradient - difference)).toBeLessThanOrEqual(error);
        }
      }),
      { numRuns: 12 },
    );
  });
});
