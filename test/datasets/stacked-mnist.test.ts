// Stacked MNIST, and how many of its modes samples cover.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mnist } from '../../lib/datasets/mnist';
import { stackedMnist, stackedModeCoverage } from '../../lib/datasets/stacked-mnist';
import { layers, Sequential } from '../../lib/index';
import { type Tensor, tensor } from '../../lib/tensor';
import { error } from '../support/errors';
import { junk, onlyCodedErrors } from '../support/junk';

describe('images', () => {
  test('have a digit of MNIST in each channel, and its number in the label', async () => {
    const { images, labels, classes } = await stackedMnist({ split: 'test', count: 50, seed: 1 });
    expect(images).toMatchObject({ shape: [50, 28, 28, 3], name: 'stacked-mnist' });
    expect(labels.shape).toEqual([50]);
    expect(classes).toHaveLength(1000);
    expect([classes[0], classes[42], classes[999]]).toEqual(['000', '042', '999']);
    const source = await mnist({ split: 'test' });
    const digits = new Map<string, number>();
    source.labels.data.forEach((label, i) => {
      digits.set(Buffer.from(source.images.data.subarray(784 * i, 784 * (i + 1))).toString('latin1'), label);
    });
    for (let i = 0; i < 50; i++) {
      const pixels = images.data.subarray(i * 2352, (i + 1) * 2352);
      const channels = [0, 1, 2].map((channel) => pixels.filter((_, at) => at % 3 === channel));
      const found = channels.map((channel) => digits.get(Buffer.from(channel).toString('latin1')));
      expect(found.join('')).toBe(classes[labels.data[i]!]);
    }
  });

  test('are the same for the same seed, and others for another', async () => {
    const labels = async (seed: number) => (await stackedMnist({ split: 'test', count: 20, seed })).labels.data;
    expect(await labels(1)).toEqual(await labels(1));
    expect(await labels(1)).not.toEqual(await labels(2));
  });

  test('are no more than there is room for', async () => {
    await expect(stackedMnist({ split: 'test', count: 1e15 })).rejects.toThrow(
      error('CUDA_GAN_NO_MEMORY', 'no memory'),
    );
  });

  test('are of MNIST alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stacked-'));
    await writeFile(join(folder, 't10k-images-idx3-ubyte'), '');
    await expect(stackedMnist({ split: 'test', dataDir: folder })).rejects.toThrow(error('CUDA_GAN_FILE', folder));
    await rm(folder, { recursive: true });
  });
});

describe('coverage', () => {
  /** Images of 1x1 pixels whose channels are the digits of the modes. */
  const samplesOf = (modes: readonly number[]) =>
    tensor(
      Float32Array.from(modes.flatMap((mode) => [Math.floor(mode / 100), Math.floor(mode / 10) % 10, mode % 10])),
      [modes.length, 1, 1, 3],
    );
  const asDigits = ({ shape, data }: Tensor) => tensor(data, [shape[0]!]);
  const asScores = ({ shape, data }: Tensor) =>
    tensor(
      Float32Array.from({ length: 10 * shape[0]! }, (_, i) => (i % 10 === data[Math.floor(i / 10)] ? 0.7 : 0.1)),
      [shape[0]!, 10],
    );
  const every = Array.from({ length: 1000 }, (_, mode) => mode);

  test.each([
    ['digits', asDigits],
    ['scores', asScores],
    ['a promise', async (images: Tensor) => asDigits(images)],
  ] as const)(
    'by a classifier that answers %s finds all modes of evenly spread samples, at a divergence of 0',
    async (_, classify) => {
      const { modes, kl, counts } = await stackedModeCoverage(samplesOf([...every, ...every]), classify);
      expect(modes).toBe(1000);
      expect(kl).toBeCloseTo(0, 12);
      expect(counts).toEqual(new Int32Array(1000).fill(2));
    },
  );

  test('of a collapsed generator is one mode, at a divergence of ln 1000', async () => {
    const { modes, kl, counts } = await stackedModeCoverage(samplesOf([123, 123, 123]), asDigits);
    expect(modes).toBe(1);
    expect(kl).toBeCloseTo(Math.log(1000), 12);
    expect(counts[123]).toBe(3);
  });

  test('weighs modes by their share', async () => {
    const { modes, kl } = await stackedModeCoverage(samplesOf([0, 0, 0, 999]), asDigits);
    expect(modes).toBe(2);
    expect(kl).toBeCloseTo(0.75 * Math.log(750) + 0.25 * Math.log(250), 12);
  });

  test('may be found by a model', async () => {
    const model = new Sequential({
      device: 'cpu',
      layers: [layers.flatten({ inputShape: [1, 1, 1] }), layers.dense({ units: 10, kernelInitializer: 'zeros' })],
    });
    const [kernel, bias] = await model.getWeights();
    // Whatever it sees, it takes for a 4.
    bias!.data[4] = 1;
    await model.setWeights([kernel!, bias!]);
    const { modes, counts } = await stackedModeCoverage(samplesOf([7, 8]), model);
    expect({ modes, of444: counts[444] }).toEqual({ modes: 1, of444: 2 });
  });

  test('of samples of another shape is an error', async () => {
    await expect(stackedModeCoverage(tensor(new Float32Array(4), [1, 2, 2, 1]), asDigits)).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'samples has shape [1, 2, 2, 1]; wanted is [n, height, width, 3], n at least 1'),
    );
  });

  test('by a classifier that answers something else is an error', async () => {
    const samples = samplesOf([1, 2]);
    await expect(stackedModeCoverage(samples, () => tensor(new Int32Array(3)))).rejects.toThrow(
      error('CUDA_GAN_SHAPE', "the classifier's answer has shape [3]; wanted is [2], digits, or [2, 10], scores"),
    );
    await expect(stackedModeCoverage(samples, () => tensor(Int32Array.of(1, 10)))).rejects.toThrow(
      error('CUDA_GAN_DATA', 'the classifier answers 10 for image 1; allowed are digits 0 to 9'),
    );
    await expect(stackedModeCoverage(samples, 'mnist' as never)).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'the classifier is "mnist"; allowed are models, and functions of images'),
    );
  });

  test('answers junk with nothing but errors that have a code', async () => {
    await fc.assert(
      fc.asyncProperty(junk, (value) => onlyCodedErrors(() => stackedModeCoverage(value as never, asDigits))),
    );
    await fc.assert(
      fc.asyncProperty(junk, (value) =>
        onlyCodedErrors(() => stackedModeCoverage(samplesOf([1]), () => value as never)),
      ),
    );
  });
});
