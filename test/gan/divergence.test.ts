// A loss that is no number any more ends the run, with the last good state kept and saved.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  CudaGanError,
  GAN,
  type GanOptions,
  initializers,
  layers,
  optimizers,
  Sequential,
  type TrainOptions,
  tensor,
} from '../../lib/index';
import { expectError } from './rejects';
import { scratchFolder } from './scratch';
import { smallGan, smallImages, weightsOf } from './small-gan';

const batchSize = 8;
const message =
  /^([dg]Loss) became (NaN|Infinity) at (step|pretraining step) (\d+); training stopped and the models are as before \3 (\d+)\. /;

/** Trains until the error, and takes its message apart. */
async function diverge(gan: GAN, options: TrainOptions) {
  const outDir = scratchFolder();
  const error = await gan.train(smallImages(), { batchSize, outDir, ...options }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CudaGanError);
  expect(error).toMatchObject({ code: 'CUDA_GAN_DIVERGED', message: expect.stringMatching(message) });
  const [, output, , phase, step, restored] = message.exec((error as CudaGanError).message)!;
  const lines = readFileSync(join(outDir, 'history.jsonl'), 'utf8').split('\n').filter(Boolean);
  return { outDir, output, phase, step: Number(step), restored: Number(restored), lines: lines.length };
}

function allFinite({ generator, discriminator }: Awaited<ReturnType<typeof weightsOf>>): boolean {
  return [...generator, ...discriminator].every((data) => data.every(Number.isFinite));
}

const hot = (learningRate: number): GanOptions => ({
  discriminatorOptimizer: optimizers.sgd({ learningRate }),
  generatorOptimizer: optimizers.sgd({ learningRate }),
});

describe.each(['cpu', 'reference'] as const)('on the %s device', (device) => {
  test('an absurd learning rate diverges at once: the models stay as they were', async () => {
    const gan = smallGan({ ...hot(1e30), device });
    const before = await weightsOf(gan);
    const { outDir, step, restored, lines } = await diverge(gan, { steps: 50 });
    expect({ step, restored, lines }).toEqual({ step: 0, restored: 0, lines: 0 });
    expect(await weightsOf(gan)).toEqual(before);
    expect(await weightsOf(await GAN.load(outDir))).toEqual(before);
  });

  test('a high learning rate diverges later: the models are those of the step that is named', async () => {
    const gan = smallGan({ ...hot(400), device });
    const { outDir, step, restored, lines } = await diverge(gan, { steps: 5000 });
    expect(restored).toBeGreaterThan(0);
    expect(step).toBeGreaterThanOrEqual(restored);
    expect(lines).toBe(step);
    const kept = await weightsOf(gan);
    expect(allFinite(kept)).toBe(true);
    expect(await weightsOf(await GAN.load(outDir))).toEqual(kept);
    const again = smallGan({ ...hot(400), device });
    await again.train(smallImages(), { steps: restored, batchSize });
    expect(await weightsOf(again)).toEqual(kept);
  });

  test('pretraining diverges likewise', async () => {
    const gan = smallGan({ ...hot(1e30), device });
    const before = await weightsOf(gan);
    const found = await diverge(gan, { steps: 5, pretrainSteps: 5 });
    expect(found).toMatchObject({ phase: 'pretraining step', step: 0, restored: 0, lines: 0, output: 'dLoss' });
    expect(await weightsOf(await GAN.load(found.outDir))).toEqual(before);
  });
});

describe('weights that are infinite though the losses are finite', () => {
  const sgd = (learningRate: number) => optimizers.sgd({ learningRate });
  const one = { units: 1, useBias: false } as const;
  const images = tensor(Float32Array.of(1, -1), [2, 1]);

  /** The discriminator's slope, 100, times this rate leaves float32; tanh brings infinity back to 1. */
  const hotGenerator = (device: 'cpu' | 'reference') =>
    new GAN({
      device,
      generator: new Sequential({ layers: [layers.dense({ ...one, activation: 'tanh', inputShape: [1] })], seed: 1 }),
      discriminator: new Sequential({
        layers: [layers.dense({ ...one, inputShape: [1], kernelInitializer: initializers.constant({ value: 100 }) })],
      }),
      generatorOptimizer: sgd(3e38),
      discriminatorOptimizer: sgd(1e-9),
      seed: 1,
    });

  // The reference device computes in float64, where the losses stay finite for long.
  test.each([
    ['cpu', 1, '0'],
    ['reference', 5, '4'],
    ['reference', 3000, '1?\\d{3}'],
  ] as const)('on the %s device, in a run of %d steps, are found after step %s', async (device, steps, found) => {
    const outDir = scratchFolder();
    const gan = hotGenerator(device);
    const before = await weightsOf(gan);
    await expectError(
      () => gan.train(images, { steps, batchSize: 32, sampleInterval: 1000, outDir }),
      'CUDA_GAN_DIVERGED',
      new RegExp(`^a weight was NaN or infinite after step ${found}; .* the models are as before step 0\\. `),
    );
    expect(await weightsOf(gan)).toEqual(before);
    expect(await weightsOf(await GAN.load(outDir))).toEqual(before);
  });

  test('in pretraining likewise', async () => {
    const gan = new GAN({
      device: 'reference',
      // Fakes are -5: the infinite weight judges them rightly, at no loss.
      generator: new Sequential({
        layers: [
          layers.dense({
            units: 1,
            inputShape: [1],
            kernelInitializer: 'zeros',
            biasInitializer: initializers.constant({ value: -5 }),
          }),
        ],
      }),
      discriminator: new Sequential({
        layers: [layers.dense({ ...one, inputShape: [1], kernelInitializer: 'zeros' })],
      }),
      generatorOptimizer: sgd(0.01),
      discriminatorOptimizer: sgd(3e38),
    });
    const before = await weightsOf(gan);
    await expectError(
      () => gan.train(tensor(Float32Array.of(1000, 1000), [2, 1]), { steps: 1, batchSize: 2, pretrainSteps: 1 }),
      'CUDA_GAN_DIVERGED',
      /^a weight was NaN or infinite after pretraining step 0; .* are as before pretraining step 0\. /,
    );
    expect(await weightsOf(gan)).toEqual(before);
  });
});

test('a GAN that diverged trains again once its learning rate is sound', async () => {
  const options = hot(1e30);
  const gan = smallGan(options);
  await diverge(gan, { steps: 3 });
  (options.discriminatorOptimizer as optimizers.Optimizer).learningRate = 0.01;
  (options.generatorOptimizer as optimizers.Optimizer).learningRate = 0.01;
  expect((await gan.train(smallImages(), { steps: 5, batchSize })).steps).toBe(5);
  expect(allFinite(await weightsOf(gan))).toBe(true);
});
