// Losses with options and with weights of samples, held to Keras (test/golden/make_keras_losses.py).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { resolveDevice } from '../../lib/devices/select';
import { losses, tensor } from '../../lib/index';
import { activationNamed } from '../../lib/layers/activations';
import { type LossName, type PlainLoss, toLoss } from '../../lib/losses/index';
import { weightedMean } from '../../lib/losses/weighted-mean';
import { gradients } from '../../lib/ops/gradients';
import { mean } from '../../lib/ops/index';
import type { Value } from '../../lib/program/value';
import { cudaDevices } from '../support/devices';
import { error } from '../support/errors';
import { floats, type Golden, integers, mismatches, u } from '../support/keras';
import { run } from '../support/run';

interface GoldenLoss {
  readonly loss: LossName;
  readonly options: object;
  readonly targets: Golden;
  readonly predictions: Golden;
  readonly weights: Golden;
  readonly plain: Readonly<Record<'value' | 'gradient', Golden>>;
  readonly weighted: Readonly<Record<'value' | 'gradient', Golden>>;
}

const { cases } = JSON.parse(readFileSync(join(__dirname, '../golden/keras-losses.json'), 'utf8')) as {
  readonly cases: readonly GoldenLoss[];
};

const devices = [resolveDevice('cpu'), ...cudaDevices().map(({ device }) => device)];

/**
 * In float32 like Keras, since the bound 1 - 1e-7 of the clipping, rounded to 1 - 2⁻²³, decides about the result. Means of
 * up to 12 losses, of which each takes a few operations on numbers up to 3 times as large: 48 roundings, relative to the
 * largest of them.
 */
const tolerance = ({ data }: Golden) => {
  const bound = 48 * u * Math.max(...data.map(Math.abs));
  return () => bound;
};

describe.each(devices.map((device) => [device.name, device] as const))('on %s', (_, device) => {
  test.each(cases.map((golden) => [golden.loss, JSON.stringify(golden.options), golden] as const))(
    '%s with %s equals Keras, value and gradient, with weights of samples too',
    async (loss, _, golden) => {
      const { lossOf, sparse } = toLoss({ name: loss, ...golden.options });
      const targets = sparse ? integers(golden.targets) : floats(golden.targets);
      const inputs = [targets, floats(golden.predictions), floats(golden.weights)];
      const found = await run(device, inputs, ([y, x, weights]) => {
        const unreduced = lossOf(y!, x!);
        expect(unreduced.shape[0]).toBe(y!.shape[0]);
        const both = [mean(unreduced), weightedMean(unreduced, weights!)];
        return both.flatMap((value) => [value, ...gradients([value], [x!])]);
      });
      const { plain, weighted } = golden;
      for (const [i, wanted] of [plain.value, plain.gradient, weighted.value, weighted.gradient].entries()) {
        expect(mismatches(found[i]!, wanted.data, tolerance(wanted))).toEqual([]);
      }
    },
  );
});

test('a loss by its name is the mean that the function of that name computes', async () => {
  for (const { loss, options, targets, predictions } of cases) {
    const call = losses[loss] as (targets: Value, predictions: Value, options: object) => Value;
    const inputs = [loss.startsWith('sparse') ? integers(targets) : floats(targets), floats(predictions)];
    const [byName, byFunction] = await run(devices[0]!, inputs, ([y, x]) => [
      mean(toLoss({ name: loss, ...options }).lossOf(y!, x!)),
      call(y!, x!, options),
    ]);
    expect(byName).toEqual(byFunction);
  }
});

describe('says what is wrong:', () => {
  test.each([
    ['delta is 0; allowed are finite numbers above 0', { name: 'huber', delta: 0 }],
    ['labelSmoothing is 1.5; allowed are numbers from 0 to 1', { name: 'binaryCrossentropy', labelSmoothing: 1.5 }],
    ['labelSmoothing is -1; allowed are', { name: 'categoricalCrossentropy', labelSmoothing: -1 }],
    ['fromLogits is 1; allowed are true and false', { name: 'sparseCategoricalCrossentropy', fromLogits: 1 }],
    ['losses.hinge: unknown option "delta"; there are none', { name: 'hinge', delta: 1 }],
    [
      'losses.binaryCrossentropy: unknown option "from_logits"; did you mean "fromLogits"?',
      { name: 'binaryCrossentropy', from_logits: true },
    ],
    ['unknown loss undefined; allowed are binaryCrossentropy', {}],
  ] as const)('%s', (message, loss) => {
    expect(() => toLoss(loss as PlainLoss)).toThrow(error('CUDA_GAN_VALUE', message));
  });

  test.each([
    ['binaryCrossentropy', 'sigmoid'],
    ['categoricalCrossentropy', 'softmax'],
  ] as const)('%s from logits of what a %s made', async (name, kind) => {
    const x = tensor(Float32Array.of(0, 1), [1, 2]);
    const contradiction = run(devices[0]!, [x, x], ([y, z]) => [
      losses[name](y!, activationNamed(kind)(z!), { fromLogits: true }),
    ]);
    await expect(contradiction).rejects.toThrow(
      error('CUDA_GAN_VALUE', `losses.${name}: fromLogits is true, but a ${kind} made the predictions`),
    );
  });
});
