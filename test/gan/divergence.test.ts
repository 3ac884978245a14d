// A loss that is no number any more ends the run, with the last good state kept and saved.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CudaGanError, GAN, type GanOptions, optimizers, type TrainOptions } from '../../lib/index';
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

test('a GAN that diverged trains again once its learning rate is sound', async () => {
  const options = hot(1e30);
  const gan = smallGan(options);
  await diverge(gan, { steps: 3 });
  options.discriminatorOptimizer!.learningRate = 0.01;
  options.generatorOptimizer!.learningRate = 0.01;
  expect((await gan.train(smallImages(), { steps: 5, batchSize })).steps).toBe(5);
  expect(allFinite(await weightsOf(gan))).toBe(true);
});
