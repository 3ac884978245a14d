// The course of a run: progress, samples, stopping it, pretraining, and the memory it holds.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { GAN, optimizers, type StepFigures, type TrainProgress } from '../../lib/index';
import { scratchFolder } from './scratch';
import { smallGan, smallImages, weightsOf } from './small-gan';

const batchSize = 8;

describe('callbacks', () => {
  test('onSample gets figures and 25 images at step 0, every sampleInterval and the last step', async () => {
    const seen: { figures: StepFigures; shape: readonly number[] }[] = [];
    const history = await smallGan().train(smallImages(), {
      steps: 6,
      batchSize,
      sampleInterval: 2,
      onSample: (figures, { shape }) => seen.push({ figures, shape }),
    });
    expect(seen.map(({ figures }) => figures)).toEqual([0, 2, 4, 5].map((step) => history.at(step)));
    expect(seen.map(({ shape }) => shape)).toEqual(seen.map(() => [25, 4, 4, 1]));
  });

  test('onProgress gets the latest step, its figures, speed and time left', async () => {
    const seen: TrainProgress[] = [];
    const history = await smallGan().train(smallImages(), {
      steps: 50,
      batchSize,
      onProgress: (progress) => seen.push(progress),
    });
    const steps = seen.map(({ step }) => step);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    for (const { steps, stepsPerSecond, secondsLeft, ...figures } of seen) {
      expect(figures).toEqual(history.at(figures.step));
      expect(steps).toBe(50);
      expect(stepsPerSecond).toBeGreaterThan(0);
      expect(secondsLeft).toBeCloseTo((49 - figures.step) / stepsPerSecond, 10);
    }
    expect(seen.at(-1)).toMatchObject({ step: 49, secondsLeft: 0 });
  });

  test('an error in a callback ends the run, which is saved; the GAN can train again', async () => {
    const outDir = scratchFolder();
    const gan = smallGan();
    const failing = () => {
      throw new Error('no more paper');
    };
    const run = gan.train(smallImages(), { steps: 5, batchSize, outDir, onSample: failing });
    await expect(run).rejects.toThrow('no more paper');
    expect(await weightsOf(await GAN.load(outDir))).toEqual(await weightsOf(gan));
    expect(await gan.train(smallImages(), { steps: 2, batchSize })).toMatchObject({ steps: 2, aborted: false });
  });
});

describe.each(['onSample', 'onProgress'] as const)('an async %s', (name) => {
  test('is waited for', async () => {
    const log: string[] = [];
    const callback = async ({ step }: StepFigures) => {
      log.push(`begin ${step}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push(`end ${step}`);
    };
    await smallGan().train(smallImages(), { steps: 3, batchSize, sampleInterval: 1, [name]: callback });
    expect(log).toEqual([0, 1, 2].flatMap((step) => [`begin ${step}`, `end ${step}`]));
  });

  test('that rejects ends the run with its own error; the run is saved', async () => {
    const outDir = scratchFolder();
    const gan = smallGan();
    const reason = new Error('no more paper');
    const options = { steps: 5, batchSize, outDir, [name]: () => Promise.reject(reason) };
    await expect(gan.train(smallImages(), options)).rejects.toBe(reason);
    expect(await weightsOf(await GAN.load(outDir))).toEqual(await weightsOf(gan));
  });
});

describe('steps: Infinity', () => {
  test('trains until the signal, with the time left unknown, and ends with a sample', async () => {
    const outDir = scratchFolder();
    const stop = new AbortController();
    const progress: TrainProgress[] = [];
    const samples: number[] = [];
    const history = await smallGan().train(smallImages(), {
      steps: Infinity,
      batchSize,
      outDir,
      signal: stop.signal,
      onProgress: (figures) => {
        progress.push(figures);
        if (figures.step >= 1500) stop.abort();
      },
      onSample: ({ step }) => samples.push(step),
    });
    expect(history).toMatchObject({ aborted: true, steps: progress.at(-1)!.step + 1 });
    for (const { steps, secondsLeft } of progress) expect({ steps, secondsLeft }).toEqual(endless);
    const last = history.steps - 1;
    const wanted = Array.from({ length: Math.floor(last / 200) + 1 }, (_, i) => 200 * i);
    expect(samples).toEqual(last % 200 === 0 ? wanted : [...wanted, last]);
    expect(existsSync(join(outDir, `images/samples_${last}.png`))).toBe(true);
    expect([...history.dLoss, ...history.gLoss].every((loss) => loss > 0)).toBe(true);
  });
  const endless = { steps: Infinity, secondsLeft: Infinity };

  test.each([1e9, Number.MAX_SAFE_INTEGER, Infinity])('%d steps take no memory before they are done', async (steps) => {
    const { arrayBuffers } = process.memoryUsage();
    const history = await smallGan().train(smallImages(), { steps, batchSize, signal: AbortSignal.abort() });
    expect(history).toMatchObject({ steps: 0, aborted: true });
    expect(process.memoryUsage().arrayBuffers - arrayBuffers).toBeLessThan(1e6);
  });
});

test('a batch may be larger than the data, which is drawn from with replacement', async () => {
  const history = await smallGan().train(smallImages(1), { steps: 3, batchSize: 8 });
  expect(history.steps).toBe(3);
});

describe('an AbortSignal', () => {
  test('ends the run after the step under way; what was done is saved', async () => {
    const outDir = scratchFolder();
    const stop = new AbortController();
    const gan = smallGan();
    const history = await gan.train(smallImages(), {
      steps: 1_000_000,
      batchSize,
      outDir,
      signal: stop.signal,
      onProgress: ({ step }) => step > 50 && stop.abort(),
    });
    expect(history.aborted).toBe(true);
    expect(history.steps).toBeGreaterThan(50);
    expect(history.steps).toBeLessThan(1_000_000);
    expect(readFileSync(join(outDir, 'history.jsonl'), 'utf8').split('\n')).toHaveLength(history.steps + 1);
    expect(existsSync(join(outDir, 'curves.png'))).toBe(true);
    expect(await weightsOf(await GAN.load(outDir))).toEqual(await weightsOf(gan));
  });

  test('ends a run in the middle of a chunk of steps', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 250);
    const history = await smallGan().train(smallImages(), { steps: 10_000_000, batchSize, signal: stop.signal });
    expect(history.aborted).toBe(true);
    // A chunk is a tenth of a second; a busy machine may take several times as long.
    expect(history.seconds).toBeLessThan(2);
  });

  test('that is aborted already leaves the networks as they were', async () => {
    const outDir = scratchFolder();
    const gan = smallGan();
    const before = await weightsOf(gan);
    const options = { steps: 9, pretrainSteps: 9, batchSize, outDir, signal: AbortSignal.abort() };
    expect(await gan.train(smallImages(), options)).toMatchObject({ steps: 0, aborted: true });
    expect(await weightsOf(await GAN.load(outDir))).toEqual(before);
  });

  test('that fires after the last step changes nothing', async () => {
    const stop = new AbortController();
    const onSample = ({ step }: StepFigures) => step === 4 && stop.abort();
    const history = await smallGan().train(smallImages(), { steps: 5, batchSize, signal: stop.signal, onSample });
    expect(history).toMatchObject({ steps: 5, aborted: false });
  });
});

describe('pretrainSteps', () => {
  test('let the discriminator tell real from fake before the first step', async () => {
    const firstLoss = async (pretrainSteps: number) => {
      const gan = smallGan({ discriminatorOptimizer: optimizers.adam({ learningRate: 0.01 }) });
      return (await gan.train(smallImages(), { steps: 1, batchSize, pretrainSteps })).dLoss[0]!;
    };
    expect(await firstLoss(100)).toBeLessThan(0.8 * (await firstLoss(0)));
  });

  test('are not part of the history', async () => {
    const history = await smallGan().train(smallImages(), { steps: 3, batchSize, pretrainSteps: 10 });
    expect([...history].map(({ step }) => step)).toEqual([0, 1, 2]);
  });

  test('that were not done do not count: the next run draws the numbers that it would have drawn', async () => {
    const gan = smallGan();
    const pretrainSteps = Number.MAX_SAFE_INTEGER;
    const stopped = await gan.train(smallImages(), { batchSize, pretrainSteps, signal: AbortSignal.abort() });
    expect(stopped).toMatchObject({ steps: 0, pretrainSteps: 0 });
    const { dLoss } = await gan.train(smallImages(), { steps: 3, batchSize });
    expect(dLoss).toEqual((await smallGan().train(smallImages(), { steps: 3, batchSize })).dLoss);
  });

  test('can be stopped', async () => {
    const gan = smallGan();
    const { generator } = await weightsOf(gan);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const options = { steps: 3, batchSize, pretrainSteps: 10_000_000, signal: stop.signal };
    expect(await gan.train(smallImages(), options)).toMatchObject({ steps: 0, aborted: true });
    expect((await weightsOf(gan)).generator).toEqual(generator);
  });
});

describe('dispose', () => {
  test('frees the memory; a GAN that is used again begins from its first weights', async () => {
    const gan = smallGan();
    const before = await weightsOf(gan);
    await gan.train(smallImages(), { steps: 3, batchSize });
    gan.dispose();
    expect(await weightsOf(gan)).toEqual(before);
    gan.dispose();
    gan.dispose();
  });
});
