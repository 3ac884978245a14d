// Losses and their gradients, held to Keras, and losses by name.
import { expect, test } from '@jest/globals';
import { resolveDevice } from '../../lib/devices/select';
import { losses, tensor } from '../../lib/index';
import { activationNamed } from '../../lib/layers/activations';
import { type LossName, toLoss } from '../../lib/losses/index';
import { gradients } from '../../lib/ops/gradients';
import { mean, subtract } from '../../lib/ops/index';
import { reshape } from '../../lib/ops/reshape';
import type { Value } from '../../lib/program/value';
import { error } from '../support/errors';
import { floats, type GoldenKeras, integers, keras, mismatches, u } from '../support/keras';
import { run } from '../support/run';

type Case = GoldenKeras['losses'][number];

/** The loss, and its gradient with respect to the predictions or, where an activation makes these, to its inputs. */
async function evaluate({ loss, logitsOf, targets, predictions }: Case) {
  const t = loss.startsWith('sparse') ? integers(targets) : floats(targets);
  const [value, gradient] = await run(resolveDevice('cpu'), [t, floats(predictions)], ([y, x]) => {
    const { lossOf } = toLoss(loss as LossName);
    const result = mean(lossOf(y!, logitsOf === null ? x! : activationNamed(logitsOf)(x!)));
    return [result, ...gradients([result], [x!])];
  });
  return { value: value!, gradient: gradient! };
}

/**
 * In float32 like Keras, since the bound 1 - 1e-7 of the clipping, rounded to 1 - 2⁻²³, decides about the result. Means of
 * up to 12 losses, of which each takes a few operations: 16 roundings, relative to the largest of them.
 */
const tolerance = (golden: { data: number[] }) => () => 16 * u * Math.max(...golden.data.map(Math.abs));

test.each(keras.losses)('$loss of $logitsOf equals Keras, value and gradient', async (golden) => {
  const { value, gradient } = await evaluate(golden);
  expect(mismatches(value, golden.value.data, tolerance(golden.value))).toEqual([]);
  expect(mismatches(gradient, golden.gradient.data, tolerance(golden.gradient))).toEqual([]);
});

test('class numbers may be a column', async () => {
  const golden = keras.losses.find(({ loss }) => loss === 'sparseCategoricalCrossentropy')!;
  const column = { ...golden, targets: { ...golden.targets, shape: [...golden.targets.shape, 1] } };
  expect(await evaluate(column)).toEqual(await evaluate(golden));
});

test('class numbers are smoothed as the distributions that they stand for', async () => {
  const predictions = tensor(Float32Array.of(0.2, 0.5, 0.3, 0.6, 0.3, 0.1), [2, 3]);
  const [numbers, distributions] = [tensor(Int32Array.of(2, 0)), tensor(Float32Array.of(0, 0, 1, 1, 0, 0), [2, 3])];
  const options = { labelSmoothing: 0.3 };
  const [sparse, dense] = await run(resolveDevice('cpu'), [numbers, distributions, predictions], ([y, t, x]) => [
    losses.sparseCategoricalCrossentropy(y!, x!, options),
    losses.categoricalCrossentropy(t!, x!, options),
  ]);
  expect(sparse).toEqual(dense);
});

test('a reshape between the activation and the loss leaves logits exact', async () => {
  const logits = tensor(Float32Array.of(-200, 200), [1, 2]);
  const [value] = await run(resolveDevice('cpu'), [tensor(Float32Array.of(1, 0), [2, 1]), logits], ([y, x]) => [
    losses.binaryCrossentropy(y!, reshape(activationNamed('sigmoid')(x!), [2, 1])),
  ]);
  expect(value).toEqual(Float32Array.of(200));
});

test('an unknown loss lists those there are', () => {
  expect(() => toLoss('dice' as LossName)).toThrow(
    error(
      'CUDA_GAN_VALUE',
      'unknown loss "dice"; allowed are binaryCrossentropy, categoricalCrossentropy, cosineSimilarity',
    ),
  );
});

test('a function is a loss already, and one of this package is known by its name', () => {
  const own = (targets: Value, predictions: Value) => subtract(predictions, targets);
  expect(toLoss(own)).toEqual({ name: 'own', lossOf: own, sparse: false, probabilities: false });
  expect(toLoss(losses.sparseCategoricalCrossentropy)).toMatchObject({ sparse: true, probabilities: false });
  expect(toLoss(losses.binaryCrossentropy)).toMatchObject({ sparse: false, probabilities: true });
});
