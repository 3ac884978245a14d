// Figures of the generator while it trains, and the best generator so far.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { resolveDevice } from '../../lib/devices/select';
import {
  type Callbacks,
  callbacks,
  GAN,
  type GanHistory,
  type GanOptions,
  initializers,
  input,
  layers,
  loadModel,
  metrics,
  model,
  optimizers,
  Sequential,
  type TrainOptions,
  type TrainProgress,
  tensor,
} from '../../lib/index';
import { copiesAtCheckpoints, hashOfTensors } from '../support/checkpoint-copies';
import { cudaDevices, sharingCpu, type TestedDevice } from '../support/devices';
import { expectError } from './rejects';
import { scratchFolder } from './scratch';
import { imageShape, latentDim, smallGan, smallImages, weightsOf } from './small-gan';
import { smallNetwork } from './small-network';

const images = smallImages(40);
const heldOut = smallImages(30);
const names = ['frechetDistance', 'precision', 'recall', 'classifierScore'] as const;
const measured = { metricsInterval: 4, metricsCount: 20, metricsNetwork: smallNetwork() };
const options = { steps: 15, batchSize: 8, sampleInterval: 6, ...measured };

const figuresAt = (history: GanHistory, step: number) =>
  Object.fromEntries(Object.entries(history.at(step)).filter(([name]) => names.includes(name as never)));
const measuredSteps = (history: GanHistory) =>
  Array.from({ length: history.steps }, (_, step) => step).filter((step) => 'recall' in history.at(step));
const bestOf = (outDir: string) => JSON.parse(readFileSync(join(outDir, 'best.json'), 'utf8'));
const bestHash = (outDir: string) => hashOfTensors(join(outDir, 'best.safetensors'));
const linesOf = (outDir: string) => readFileSync(join(outDir, 'history.jsonl'), 'utf8');

/** The step of the least distance. */
function leastOf(history: GanHistory): number {
  const steps = measuredSteps(history);
  const distances = steps.map((step) => history.at(step).frechetDistance!);
  return steps[distances.indexOf(Math.min(...distances))]!;
}

/** With dropout, and an average. */
function randomGan(options: GanOptions = {}): GAN {
  const generator = new Sequential({
    layers: [
      layers.dense({ units: 6, inputShape: [latentDim] }),
      layers.batchNormalization({ momentum: 0.8 }),
      layers.dropout({ rate: 0.25 }),
      layers.dense({ units: 16, activation: 'tanh' }),
      layers.reshape({ targetShape: imageShape }),
    ],
    seed: 1,
  });
  return smallGan({ generator, ema: { halfLife: 20 }, ...options });
}

describe('figures', () => {
  test('belong to the steps of the interval and to the last, in the history and its file', async () => {
    const outDir = scratchFolder();
    const history = await smallGan().train(images, { ...options, outDir });
    expect(measuredSteps(history)).toEqual([4, 8, 12, 14]);
    for (const step of measuredSteps(history)) expect(Object.keys(figuresAt(history, step))).toEqual([...names]);
    const lines = linesOf(outDir).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([...history]);
  });

  test('are those of what generate makes then, against the images held out', async () => {
    const gan = smallGan();
    const history = await gan.train(images, { ...options, metricsCount: 30, heldOut });
    const network = smallNetwork();
    const { features, probabilities } = await network.measure(await metrics.drawSamples(gan, { count: 30 }));
    const reference = (await network.measure(heldOut)).features;
    const { precision, recall } = await metrics.precisionRecall(features, reference);
    const wanted = {
      frechetDistance: (await metrics.frechetDistance(features, reference)).value,
      precision: precision.value,
      recall: recall.value,
      classifierScore: (await metrics.classifierScore(probabilities!)).value,
    };
    // A history is float32. Rows of the reference come in another order, which sums of float64 hardly notice.
    for (const name of names) expect(Math.abs(history.at(-1)[name]! / wanted[name] - 1)).toBeLessThan(1e-6);
  });

  test('a moving average is measured in place of the generator', async () => {
    const [averaged, plain] = [smallGan({ ema: { halfLife: 1000 } }), smallGan()];
    const [one, other] = [await averaged.train(images, options), await plain.train(images, options)];
    expect(one.gLoss).toEqual(other.gLoss);
    expect(figuresAt(one, 8)).not.toEqual(figuresAt(other, 8));
  });

  test('there is no score where the network tells no classes', async () => {
    const metricsNetwork = smallNetwork({ tellsClasses: false });
    const history = await smallGan().train(images, { ...options, metricsNetwork });
    expect(Object.keys(figuresAt(history, 4))).toEqual(names.slice(0, 3));
  });

  test('classes are drawn as frequent as those of the data', async () => {
    const gan = new GAN({
      preset: 'cgan',
      networks: { name: 'mlp', width: 1 / 64 },
      imageShape,
      classes: 3,
      device: 'cpu',
      seed: 2,
    });
    const labels = tensor(new Int32Array(40).fill(1), [40]);
    const history = await gan.train({ images, labels }, { ...options, metricsCount: 40 });
    const { features } = await smallNetwork().measure(await metrics.drawSamples(gan, { count: 40, labels }));
    const reference = (await smallNetwork().measure(images)).features;
    const { value } = await metrics.frechetDistance(features, reference);
    expect(Math.abs(history.at(-1).frechetDistance! / value - 1)).toBeLessThan(1e-6);
  });

  test('are in the logs of epochs and the progress of the steps that have them, so that callbacks can watch them', async () => {
    const outDir = scratchFolder();
    const epochs: Record<string, number>[] = [];
    const progress: TrainProgress[] = [];
    const looking: Callbacks = { onEpochEnd: (_, logs) => epochs.push(logs) };
    const filepath = join(outDir, '{model}-{frechetDistance:.6f}.safetensors');
    const kept = callbacks.modelCheckpoint({ filepath, monitor: 'frechetDistance', mode: 'min', saveBestOnly: true });
    const history = await smallGan().train(images, {
      ...options,
      callbacks: [looking, kept],
      onProgress: (found) => progress.push(found),
    });
    expect(epochs.map((logs) => 'frechetDistance' in logs)).toEqual([false, true, true, true]);
    expect(epochs[3]!.frechetDistance).toBe(history.at(14).frechetDistance);
    for (const step of measuredSteps(history))
      expect(progress.find((found) => found.step === step)).toMatchObject(figuresAt(history, step));
    const first = history.at(4).frechetDistance!;
    expect(existsSync(join(outDir, `generator-${first.toFixed(6)}.safetensors`))).toBe(true);
  });
});

describe('measuring changes nothing', () => {
  test.each(['cpu', 'reference'] as const)('in the weights and losses on the %s device', async (device) => {
    const [with_, without] = [randomGan({ device }), randomGan({ device })];
    const { metricsInterval, metricsCount, metricsNetwork, ...rest } = options;
    const history = await with_.train(images, options);
    const plain = await without.train(images, rest);
    expect(await weightsOf(with_)).toEqual(await weightsOf(without));
    expect(await with_.averagedGenerator!.getWeights()).toEqual(await without.averagedGenerator!.getWeights());
    for (const name of ['dLoss', 'gLoss', 'dAccuracy'] as const) expect(history[name]).toEqual(plain[name]);
  });

  test('nor do the figures depend on how the steps are cut', async () => {
    const history = await randomGan().train(images, options);
    const oneByOne = await randomGan().train(images, { ...options, callbacks: { onBatchEnd: () => undefined } });
    expect([...oneByOne]).toEqual([...history]);
  });
});

describe('the best generator', () => {
  const run = (async () => {
    const outDir = scratchFolder();
    const gan = randomGan();
    const history = await gan.train(images, { ...options, steps: 41, outDir });
    return { outDir, gan, history };
  })();

  test('is that of the least distance, with its figures and what they depend on', async () => {
    const { outDir, history } = await run;
    const step = leastOf(history);
    expect(bestOf(outDir)).toEqual({
      step,
      figures: figuresAt(history, step),
      network: { name: 'small', version: '1' },
      samples: 20,
      reference: 20,
    });
  });

  test('is what generate used after that step', async () => {
    const { outDir, history } = await run;
    const gan = randomGan();
    await gan.train(images, { steps: leastOf(history) + 1, batchSize: 8 });
    const best = await loadModel(join(outDir, 'best.safetensors'));
    expect(await best.getWeights()).toEqual(await gan.averagedGenerator!.getWeights());
    const loaded = await GAN.load(outDir, { best: true });
    expect(await loaded.generate(4, { seed: 3 })).toEqual(await gan.generate(4, { seed: 3 }));
  });

  test('is loaded when it is asked for, beside the last discriminator', async () => {
    const outDir = scratchFolder();
    const gan = smallGan();
    const history = await gan.train(images, { ...options, steps: 41, outDir });
    const best = smallGan();
    await best.train(images, { steps: leastOf(history) + 1, batchSize: 8 });
    const loaded = await GAN.load(outDir, { best: true });
    expect((await weightsOf(loaded)).generator).toEqual((await weightsOf(best)).generator);
    expect((await weightsOf(loaded)).discriminator).toEqual((await weightsOf(gan)).discriminator);
    expect(await weightsOf(await GAN.load(outDir, { best: false }))).toEqual(await weightsOf(gan));
  });

  test('of a run before goes when another takes its place, and none is loaded then', async () => {
    const outDir = scratchFolder();
    await smallGan().train(images, { ...options, outDir });
    await expectError(() => smallGan().train(images, { ...options, outDir }), 'CUDA_GAN_FILE', /best\.safetensors/);
    await smallGan().train(images, { steps: 2, batchSize: 8, outDir, overwrite: true });
    expect([existsSync(join(outDir, 'best.safetensors')), existsSync(join(outDir, 'best.json'))]).toEqual([
      false,
      false,
    ]);
    await expectError(
      () => GAN.load(outDir, { best: true }),
      'CUDA_GAN_FILE',
      `${outDir} holds no best generator, best.safetensors: only a run with metricsInterval keeps one, from its first measurement on`,
    );
  });

  test('is never one of a step that has left numbers which are not finite', async () => {
    const outDir = scratchFolder();
    const image = input({ shape: [1, 1, 1] });
    const one = { units: 1, useBias: false } as const;
    const metricsNetwork = new metrics.FeatureNetwork(
      model({ inputs: image, outputs: { features: layers.flatten().apply(image) } }),
      { name: 'pixel', version: '1' },
    );
    // The discriminator's slope, 100, times the rate leaves float32; tanh brings infinity back to 1.
    const gan = new GAN({
      generator: new Sequential({
        layers: [
          layers.dense({ ...one, activation: 'tanh', inputShape: [1] }),
          layers.reshape({ targetShape: [1, 1, 1] }),
        ],
        seed: 1,
      }),
      discriminator: new Sequential({
        layers: [
          layers.flatten({ inputShape: [1, 1, 1] }),
          layers.dense({ ...one, kernelInitializer: initializers.constant({ value: 100 }) }),
        ],
      }),
      generatorOptimizer: optimizers.sgd({ learningRate: 3e38 }),
      discriminatorOptimizer: optimizers.sgd({ learningRate: 1e-9 }),
      seed: 1,
      device: 'cpu',
    });
    const four = tensor(Float32Array.of(1, -1, 0.5, -0.5), [4, 1, 1, 1]);
    await expectError(
      () => gan.train(four, { steps: 3, batchSize: 32, outDir, metricsInterval: 1, metricsCount: 4, metricsNetwork }),
      'CUDA_GAN_DIVERGED',
      /^a weight was NaN or infinite after step 1; .* the models are as before step \d\. /,
    );
    expect(existsSync(join(outDir, 'best.safetensors'))).toBe(false);
  });
});

const devices: readonly TestedDevice[] = [
  { label: 'cpu', device: sharingCpu(2) },
  { label: 'reference', device: resolveDevice('reference') },
  ...cudaDevices(),
];

describe.each(devices)('on $label, killed after any checkpoint', ({ device }) => {
  test('a run is resumed to the same figures, and keeps the same best', async () => {
    const outDir = scratchFolder();
    const { metricsNetwork } = measured;
    const begun = { ...options, steps: 18, pretrainSteps: 2, checkpointInterval: 6, heldOut, outDir };
    const copies = await copiesAtCheckpoints(outDir, () => randomGan({ device }).train(images, begun));
    for (const [, copy] of copies) {
      const { gan } = await GAN.resume(copy, images, { device, heldOut, metricsNetwork });
      expect(linesOf(copy)).toBe(linesOf(outDir));
      expect(bestOf(copy)).toEqual(bestOf(outDir));
      expect(bestHash(copy)).toBe(bestHash(outDir));
      gan.dispose();
    }
    expect(copies.size).toBeGreaterThan(3);
  });
});

test('a checkpoint is not on disk before the best generator that its history tells of', async () => {
  const outDir = scratchFolder();
  const begun = { ...options, steps: 40, checkpointInterval: 1, metricsInterval: 1, outDir };
  const copies = await copiesAtCheckpoints(outDir, () => smallGan().train(images, begun));
  for (const [steps, copy] of copies) {
    if (steps < 2) continue;
    const lines = linesOf(copy).split('\n').slice(0, steps);
    const distances = lines.map((line) => JSON.parse(line).frechetDistance ?? Number.POSITIVE_INFINITY);
    expect(bestOf(copy).step).toBeGreaterThanOrEqual(distances.indexOf(Math.min(...distances)));
  }
});

test('a run that was ended by its signal goes on to the figures of the run without a break', async () => {
  const outDir = scratchFolder();
  const whole = scratchFolder();
  const history = await smallGan().train(images, { ...options, outDir: whole });
  const stop = new AbortController();
  const onProgress = ({ step }: { step: number }) => step >= 9 && stop.abort();
  const first = await smallGan().train(images, { ...options, outDir, onProgress, signal: stop.signal });
  expect(measuredSteps(first).every((step) => step % 4 === 0)).toBe(true);
  const { history: resumed } = await GAN.resume(outDir, images, { metricsNetwork: measured.metricsNetwork });
  expect([...resumed]).toEqual([...history]);
  expect([linesOf(outDir), bestHash(outDir)]).toEqual([linesOf(whole), bestHash(whole)]);
});

test('a run that is made longer keeps the figures of its first end, and goes on as one of its length', async () => {
  const outDir = scratchFolder();
  await smallGan().train(images, { ...options, outDir });
  const { gan, history } = await GAN.resume(outDir, images, { steps: 22, metricsNetwork: measured.metricsNetwork });
  expect(measuredSteps(history)).toEqual([4, 8, 12, 14, 16, 20, 21]);
  expect(bestOf(outDir)).toMatchObject({ step: leastOf(history), figures: figuresAt(history, leastOf(history)) });
  const whole = smallGan();
  const unbroken = await whole.train(images, { ...options, steps: 22 });
  expect(await weightsOf(gan)).toEqual(await weightsOf(whole));
  for (const step of measuredSteps(unbroken)) expect(history.at(step)).toEqual(unbroken.at(step));
});

describe('refuses before it trains', () => {
  const refused = async (
    given: TrainOptions,
    code: 'CUDA_GAN_VALUE' | 'CUDA_GAN_DATA' | 'CUDA_GAN_SHAPE',
    part: RegExp,
  ) => {
    const outDir = join(scratchFolder(), 'run');
    const onProgress = () => {
      throw new Error('it trains');
    };
    await expectError(() => smallGan().train(images, { ...options, ...given, outDir, onProgress }), code, part);
    expect(existsSync(outDir)).toBe(false);
  };

  test.each([
    [{ metricsInterval: 0 }, /^metricsInterval is 0; allowed are whole numbers from 1 on$/],
    [{ metricsInterval: Number.NaN }, /^metricsInterval is NaN; /],
    [{ metricsCount: Number.NaN }, /^metricsCount is NaN; /],
    [{ metricsCount: 2.5 }, /^metricsCount is 2\.5; /],
    [{ metricsNetwork: {} as never }, /^metricsNetwork is an object; allowed are feature networks: /],
    [{ metricsInterval: undefined }, /^metricsCount is given, but no metricsInterval: nothing is measured without$/],
    [{ metricsInterval: undefined, metricsCount: undefined }, /^metricsNetwork is given, but no metricsInterval/],
    [{ metricsCount: 19 }, /^metricsCount is 19; figures by 3 features and 2 classes need at least 20 samples$/],
  ] as const)('%j', async (given, message) => {
    await refused(given, 'CUDA_GAN_VALUE', message);
  });

  test('too few images held out', async () => {
    const message = /^heldOut has 3 samples; the Fréchet distance of 3 features needs at least 4$/;
    await refused({ heldOut: smallImages(3) }, 'CUDA_GAN_DATA', message);
  });

  test('images that the package’s network does not take', async () => {
    const given = { metricsNetwork: undefined, metricsCount: 200 };
    await refused(given, 'CUDA_GAN_SHAPE', /^images are \[4, 4, 1\]; the feature network digits 1 takes \[28, 28, 1\]/);
  });

  test('another network in a run that is resumed, or one where none measures', async () => {
    const outDir = scratchFolder();
    await smallGan().train(images, { ...options, outDir });
    const before = linesOf(outDir);
    await expectError(
      () => GAN.resume(outDir, images, { steps: 20 }),
      'CUDA_GAN_VALUE',
      "the run that is resumed is measured by the feature network small 1; found is digits 1: give the run's as metricsNetwork",
    );
    const metricsNetwork = smallNetwork({ version: '2' });
    await expectError(
      () => GAN.resume(outDir, images, { metricsNetwork }),
      'CUDA_GAN_VALUE',
      /small 1; found is small 2/,
    );
    expect(linesOf(outDir)).toBe(before);
    const plain = scratchFolder();
    await smallGan().train(images, { steps: 2, batchSize: 8, outDir: plain });
    await expectError(() => GAN.resume(plain, images, { metricsNetwork }), 'CUDA_GAN_VALUE', /no metricsInterval/);
  });
});
