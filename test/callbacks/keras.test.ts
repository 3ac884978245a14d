// Callbacks do what those of Keras do when a figure takes the same values (test/golden/make_keras_callbacks.py).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Callbacks, callbacks, layers, optimizers, Sequential, tensor } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';

interface Case {
  readonly options: object;
  readonly figure: 'valLoss' | 'valAccuracy';
  readonly values: readonly number[];
  readonly epochs: number;
  /** The only weight in the end; it is the number of the epoch, unless one was restored. */
  readonly weight: number;
  readonly rates: readonly number[];
  readonly saved: readonly string[];
}
const golden: Readonly<Record<'earlyStopping' | 'reduceLROnPlateau' | 'modelCheckpoint', readonly Case[]>> = JSON.parse(
  readFileSync(join(__dirname, '../golden/keras-callbacks.json'), 'utf8'),
);
const titled = (cases: readonly Case[]) => cases.map((one) => [JSON.stringify(one.options), one] as const);

/** Trains as many epochs as there are values, with the figure and the weight of each as they are wanted. */
async function run({ figure, values }: Case, callback: Callbacks) {
  const model = new Sequential({ layers: [layers.dense({ units: 1, useBias: false, inputShape: [1] })] });
  const optimizer = optimizers.sgd({ learningRate: 0.5 });
  model.compile({ optimizer, loss: 'meanSquaredError', metrics: ['accuracy'] });
  const rates: number[] = [];
  const script: Callbacks = {
    onEpochEnd: async (epoch, logs, training) => {
      logs[figure] = values[epoch]!;
      await training.setWeights([tensor(Float32Array.of(epoch), [1, 1])]);
    },
  };
  const zeros = tensor(new Float32Array(1), [1, 1]);
  const { epoch } = await model.fit(zeros, zeros, {
    epochs: values.length,
    validationData: [zeros, zeros],
    callbacks: [script, callback, { onEpochEnd: () => void rates.push(Math.fround(optimizer.learningRate)) }],
  });
  return { epochs: epoch.length, weight: (await model.getWeights())[0]!.data[0]!, rates };
}

test.each(titled(golden.earlyStopping))('earlyStopping(%s)', async (_, one) => {
  const { epochs, weight, rates } = one;
  expect(await run(one, callbacks.earlyStopping(one.options))).toEqual({ epochs, weight, rates });
});

// 0.1 is not a number of float32, in which Keras keeps its rates: there is one rounding a reduction, of 2⁻²⁴.
const relativeError = 4 * 2 ** -24;

test.each(titled(golden.reduceLROnPlateau))('reduceLROnPlateau(%s)', async (_, one) => {
  const { rates, epochs } = await run(one, callbacks.reduceLROnPlateau(one.options));
  expect(epochs).toBe(one.epochs);
  rates.forEach((rate, i) => {
    expect(Math.abs(rate / one.rates[i]! - 1)).toBeLessThanOrEqual(relativeError);
  });
});

describe('modelCheckpoint', () => {
  test.each(titled(golden.modelCheckpoint))('%s', async (_, one) => {
    const folder = join(scratchFolder(), 'models');
    const filepath = join(folder, '{epoch:02d}.safetensors');
    await run(one, callbacks.modelCheckpoint({ filepath, ...one.options }));
    const saved = existsSync(folder) ? readdirSync(folder).sort() : [];
    expect(saved.map((name) => name.replace('safetensors', 'keras'))).toEqual(one.saved);
  });
});
