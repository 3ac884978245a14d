// Training, evaluation and prediction, held to Keras on both devices.
import { describe, expect, test } from '@jest/globals';
import type { Tensor } from '../../lib/index';
import { rowsOf } from '../../lib/models/data';
import { floats, type GoldenResult, integers, keras, mismatches, u } from '../support/keras';
import { binaryData, binaryModel, classifier, contents } from './small-models';

/**
 * The reference device computes in float64 like the expectation, and rounds what it hands back to float32; the file
 * rounds to nine digits. Sums of up to 13 terms in ten updates do not bring the rounding of float64 near 1e-10.
 */
const afterRounding = (value: number) => (u + 1e-9) * Math.abs(value) + 1e-10;

/** Another order of sums errs about as much as Keras' own float32 does; luck in one of them is worth a factor of four. */
const likeKeras = (value: number, rounding: number) => 4 * rounding + afterRounding(value);

describe.each([
  ['reference', afterRounding],
  ['cpu', likeKeras],
] as const)('on the %s device', (device, tolerance) => {
  const expectGolden = (found: ArrayLike<number>, { exact, rounding }: GoldenResult) =>
    expect(mismatches(found, exact.data, (value) => tolerance(value, rounding))).toEqual([]);

  test('fit has the history and the weights of Keras', async () => {
    const model = await binaryModel({ device });
    const { epoch, history } = await model.fit(...binaryData, {
      batchSize: 4,
      epochs: 3,
      shuffle: false,
      validationSplit: 0.25,
    });
    const { weights, ...figures } = keras.fit.after;
    expect(epoch).toEqual([0, 1, 2]);
    expect(Object.keys(history)).toEqual(Object.keys(figures));
    for (const [name, wanted] of Object.entries(figures)) expectGolden(history[name]!, wanted);
    expectGolden(
      (await contents(model)).flatMap((data) => [...data]),
      weights,
    );
    model.dispose();
  });

  test('trainOnBatch, predict and evaluate answer as Keras', async () => {
    const model = await classifier({ device });
    const { after, ...golden } = keras.trainOnBatch;
    const [x, labels] = [floats(golden.x), integers(golden.labels)];
    const part = (of: Tensor, step: number) => rowsOf(of, 4 * (step % 3), 4 * (step % 3) + 4);
    const logs: Record<string, number>[] = [];
    for (let step = 0; step < 10; step++) logs.push(await model.trainOnBatch(part(x, step), part(labels, step)));
    const figures = (name: string) => logs.map((log) => log[name]!);
    expectGolden(figures('loss'), after.loss);
    expectGolden(figures('accuracy'), after.accuracy);
    expectGolden(
      (await contents(model)).flatMap((data) => [...data]),
      after.weights,
    );
    expectGolden((await model.predict(x, { batchSize: 5 })).data, after.predictions);
    const { loss, accuracy } = await model.evaluate(x, labels, { batchSize: 5 });
    expectGolden([loss!, accuracy!], after.evaluated);
    expect(await model.testOnBatch(x, labels)).toEqual(await model.evaluate(x, labels, { batchSize: 12 }));
    model.dispose();
  });
});
