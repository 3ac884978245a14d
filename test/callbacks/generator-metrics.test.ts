// callbacks.generatorMetrics: figures of what a VAE or a GAN generates, at the end of epochs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { callbacks, type GAN, type Logs, metrics, type TrainingImages, VAE } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { imageShape, smallGan, smallImages } from '../gan/small-gan';
import { smallNetwork } from '../gan/small-network';
import { error } from '../support/errors';

const images = smallImages(40);
const reference = smallImages(30);
const network = smallNetwork();
const labels = { shape: [40], data: Int32Array.from({ length: 40 }, (_, i) => i % 3) };

const newVae = (options: { classes?: number } = {}) =>
  new VAE({ imageShape, latentDim: 3, networks: { name: 'mlp', width: 0.05 }, seed: 1, device: 'cpu', ...options });

/** The values of the figures with intervals, for what the source makes now. */
async function figuresNow(source: VAE | GAN, ofLabels?: typeof labels): Promise<Logs> {
  const samples = await metrics.drawSamples(source, { count: 30, labels: ofLabels });
  const { features, probabilities } = await network.measure(samples, { range: source.pixelRange });
  const { features: data } = await network.measure(reference);
  const { precision, recall } = await metrics.precisionRecall(features, data);
  return {
    frechetDistance: (await metrics.frechetDistance(features, data)).value,
    precision: precision.value,
    recall: recall.value,
    classifierScore: (await metrics.classifierScore(probabilities!)).value,
  };
}

function expectFigures(logs: Logs, wanted: Logs): void {
  // Rows of the reference come in another order, which sums of float64 hardly notice.
  for (const [name, value] of Object.entries(wanted)) expect(logs[name]).toBeCloseTo(value, 9);
}

describe('in fit of a VAE', () => {
  test('every interval-th epoch has the figures of what the VAE makes then, others have NaN in the history', async () => {
    const vae = newVae();
    const measured = callbacks.generatorMetrics({ source: vae, reference, interval: 2, count: 30, network });
    const epochs: Logs[] = [];
    const now: Logs[] = [];
    const looking = {
      onEpochEnd: async (_: number, logs: Logs) => {
        epochs.push({ ...logs });
        now.push(await figuresNow(vae));
      },
    };
    const { history } = await vae.fit(images, { epochs: 5, batchSize: 10, callbacks: [measured, looking] });
    expect(epochs.map((logs) => 'recall' in logs)).toEqual([false, true, false, true, false]);
    for (const epoch of [1, 3]) expectFigures(epochs[epoch]!, now[epoch]!);
    expect(history.frechetDistance!.map(Number.isNaN)).toEqual([true, false, true, false, true]);
    expect(history.loss!.every(Number.isFinite)).toBe(true);
  });

  test('modelCheckpoint keeps the best by them', async () => {
    const folder = scratchFolder();
    const vae = newVae();
    const measured = callbacks.generatorMetrics({ source: vae, reference, count: 30, network });
    const filepath = join(folder, 'best-{epoch}.safetensors');
    const best = callbacks.modelCheckpoint({ filepath, monitor: 'frechetDistance', mode: 'min', saveBestOnly: true });
    const { history } = await vae.fit(images, { epochs: 6, batchSize: 10, callbacks: [measured, best] });
    const distances = history.frechetDistance!;
    const saved = distances.map((_, i) => existsSync(join(folder, `best-${i + 1}.safetensors`)));
    expect(saved).toEqual(distances.map((value, i) => distances.slice(0, i).every((before) => value < before)));
  });

  test('measuring changes nothing of the training', async () => {
    const [with_, without] = [newVae(), newVae()];
    const measured = callbacks.generatorMetrics({ source: with_, reference, count: 30, network });
    const { history } = await with_.fit(images, { epochs: 3, batchSize: 10, callbacks: measured });
    const plain = await without.fit(images, { epochs: 3, batchSize: 10 });
    expect(history.loss).toEqual(plain.history.loss);
    expect(await with_.model.getWeights()).toEqual(await without.model.getWeights());
  });

  test('classes are drawn as frequent as those of the reference', async () => {
    const vae = newVae({ classes: 3 });
    const ones = { shape: [30], data: new Int32Array(30).fill(1) };
    const measured = callbacks.generatorMetrics({
      source: vae,
      reference: { images: reference, labels: ones },
      count: 30,
      network,
    });
    const data: TrainingImages = { images, labels };
    const { history } = await vae.fit(data, { epochs: 1, batchSize: 10, callbacks: measured });
    const logs = Object.fromEntries(Object.entries(history).map(([name, [value]]) => [name, value!]));
    expectFigures(logs, await figuresNow(vae, ones));
  });

  test('the reference is as it was when the callback was made', async () => {
    const vae = newVae();
    const own = smallImages(30);
    const measured = callbacks.generatorMetrics({ source: vae, reference: own, count: 30, network });
    own.data.fill(0);
    const { history } = await vae.fit(images, { epochs: 1, batchSize: 10, callbacks: measured });
    expectFigures(
      { frechetDistance: history.frechetDistance![0]! },
      { frechetDistance: (await figuresNow(vae)).frechetDistance! },
    );
  });
});

test('in the training of a GAN an epoch ends with those of what the GAN makes then', async () => {
  const gan = smallGan();
  const measured = callbacks.generatorMetrics({ source: gan, reference, count: 30, network });
  let last: Logs = {};
  const onEpochEnd = (_: number, logs: Logs) => {
    last = logs;
  };
  await gan.train(images, { steps: 5, batchSize: 8, callbacks: [measured, { onEpochEnd }] });
  expectFigures(last, await figuresNow(gan));
});

describe('refuses', () => {
  const source = newVae();

  test('what draws no samples, and figures that there are not', async () => {
    expect(() => callbacks.generatorMetrics({ source: {} as VAE, reference })).toThrow(
      error('CUDA_GAN_VALUE', 'source is an object; allowed are GANs, VAEs, and objects that do the same'),
    );
    const measured = callbacks.generatorMetrics({ source, reference, network: smallNetwork({ tellsClasses: false }) });
    expect(measured.figures).toEqual(['frechetDistance', 'precision', 'recall']);
  });

  test.each([
    ['interval', 0],
    ['count', Number.NaN],
    ['network', {}],
    ['reference', 7],
  ])('%s of %j', (name, value) => {
    expect(() => callbacks.generatorMetrics({ source, reference, network, [name]: value } as never)).toThrow(
      expect.objectContaining({ name: 'CudaGanError', message: expect.stringContaining(name) }) as never,
    );
  });

  test('too few samples or images, and images that the network does not take, when the training begins', async () => {
    const trainWith = (options: object) =>
      source.fit(images, { callbacks: callbacks.generatorMetrics({ source, reference, network, ...options }) });
    await expect(trainWith({ count: 5 })).rejects.toThrow(error('CUDA_GAN_VALUE', 'count is 5; figures by 3 features'));
    await expect(trainWith({ reference: smallImages(3) })).rejects.toThrow(
      error('CUDA_GAN_DATA', 'reference has 3 samples; the Fréchet distance of 3 features needs at least 4'),
    );
    await expect(trainWith({ network: undefined })).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'digits 1 takes [28, 28, 1]'),
    );
  });
});
