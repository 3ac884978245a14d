// The report on a set of images: in JSON, as text and as a page.
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { rowsAt } from '../../lib/evaluation/subsets';
import { datasets, GAN, metrics, type Tensor, tensor } from '../../lib/index';
import { error } from '../support/errors';

let digits: Tensor<Uint8Array>;
let evaluation: metrics.Evaluation;

/** Rows [begin, end) of the test set. */
function rows(begin: number, end: number): Tensor<Uint8Array> {
  return rowsAt(
    digits,
    Int32Array.from({ length: end - begin }, (_, i) => begin + i),
  );
}

/** A digit's neighbourhood in place of each pixel: as blurred as samples of an autoencoder. */
function blurred({ shape, data }: Tensor<Uint8Array>): Tensor<Uint8Array> {
  const around = [-29, -28, -27, -1, 0, 1, 27, 28, 29];
  return tensor(
    data.map((_, i) => around.reduce((sum, step) => sum + (data[i + step] ?? 0), 0) / 9),
    shape,
  );
}

beforeAll(async () => {
  digits = (await datasets.mnist({ split: 'test' })).images;
  evaluation = await metrics.evaluate(rows(0, 300), {
    reference: rows(300, 600),
    training: rows(600, 1000),
    resamples: 20,
    seed: 3,
  });
});

describe('of real images', () => {
  test('says what it is of', () => {
    expect(evaluation).toMatchObject({ samples: 300, reference: 300, training: 400, seed: 3 });
    expect(evaluation.network).toMatchObject({ name: 'digits', version: '1' });
  });

  test('finds nothing wrong', () => {
    const { figures, realImages, classes, distanceToTraining } = evaluation;
    // Shares of 300 images have standard deviations of up to 0.03, and stand far from these bounds.
    expect(figures.precision.value).toBeGreaterThan(0.6);
    expect(figures.recall.value).toBeGreaterThan(0.6);
    expect(figures.coverage.value).toBeGreaterThan(0.8);
    expect(figures.classifierScore!.value).toBeGreaterThan(8);
    expect(figures.kernelDistance.low).toBeLessThan(realImages!.kernelDistance.high);
    expect(Math.abs(figures.sharpness.gradientEnergy.ratio.value - 1)).toBeLessThan(0.1);
    expect(classes!.samples.reduce((sum, count) => sum + count, 0)).toBe(300);
    expect(classes!.pValue).toBeGreaterThan(1e-4);
    const ratio = distanceToTraining!.samples.value / distanceToTraining!.reference.value;
    expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
  });

  test('is plain data', () => {
    expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
  });

  test('is the same for the same seed', async () => {
    const options = { reference: rows(300, 600), training: rows(600, 1000), resamples: 20, seed: 3 };
    expect(await metrics.evaluate(rows(0, 300), options)).toEqual(evaluation);
  });
});

describe('of images that are not like the data', () => {
  test('blur is seen in sharpness and distances', async () => {
    const { figures } = await metrics.evaluate(blurred(rows(0, 300)), { reference: rows(300, 600), resamples: 20 });
    expect(figures.sharpness.gradientEnergy.ratio.high).toBeLessThan(0.7);
    expect(figures.frechetDistance.low).toBeGreaterThan(evaluation.figures.frechetDistance.high);
  });

  test('copies of training images are found, and nearest to themselves', async () => {
    const { distanceToTraining, nearest } = await metrics.evaluate(rows(600, 900), {
      reference: rows(300, 600),
      training: rows(600, 1000),
      resamples: 20,
    });
    expect(distanceToTraining!.samples).toMatchObject({ value: 0, low: 0, high: 0 });
    for (const { sample, inPixels, inFeatures } of nearest) expect([inPixels, inFeatures]).toEqual([sample, sample]);
  });
});

describe('of a GAN', () => {
  const gan = new GAN({ preset: 'cgan', networks: { name: 'mlp', width: 1 / 64 }, device: 'cpu', seed: 1 });

  test('is that of the images that drawSamples makes of the same seed, in classes as frequent as those of the data', async () => {
    const { images, labels } = await datasets.mnist({ split: 'test' });
    const reference = {
      images: rowsAt(
        images,
        Int32Array.from({ length: 200 }, (_, i) => i),
      ),
      labels,
    };
    const options = { reference, resamples: 20, seed: 4 };
    const samples = await metrics.drawSamples(gan, { count: 200, seed: 4, labels });
    const noise = await gan.noise(200, { seed: 4 });
    expect(samples).toEqual(await gan.generate(200, { noise, labels: labels.data.slice(0, 200) }));
    const ofGan = await metrics.evaluate(gan, { ...options, count: 200 });
    expect(ofGan).toEqual(await metrics.evaluate(samples, options));
    expect(ofGan.samples).toBe(200);
  });

  test('count is for what samples are drawn of', async () => {
    await expect(metrics.evaluate(rows(0, 100), { reference: rows(0, 100), count: 50 })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'count is given, but nothing that samples are drawn of'),
    );
    await expect(metrics.drawSamples(rows(0, 100) as never)).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'what draws samples is an object; allowed are GANs, VAEs, and objects that do the same'),
    );
  });
});

describe('what is given and is no tensor is refused, though it counts as false', () => {
  const nothing: never[] = [0, '', Number.NaN, false] as never[];
  test.each(nothing)('%p', async (value) => {
    const noTensor = error('CUDA_GAN_DATA', 'is not a tensor');
    const reference = rows(0, 100);
    await expect(metrics.evaluate(rows(0, 100), { reference, training: value })).rejects.toThrow(noTensor);
    const gan = new GAN({ networks: { name: 'mlp', width: 1 / 64 }, device: 'cpu', seed: 1 });
    await expect(metrics.drawSamples(gan, { labels: value })).rejects.toThrow(noTensor);
  });
});

describe('in words', () => {
  test('has the network and its version, the counts, and what is not comparable', () => {
    const text = metrics.evaluationText(evaluation);
    expect(text).toContain('Of 300 samples and 300 images of data, by the feature network digits 1 (');
    expect(text).toContain('not comparable with these, and none is the FID of articles');
    expect(text).toMatch(/Fréchet distance +\d+\.\d+ \[\d+\.\d+, \d+\.\d+\]/);
    expect(text).toMatch(/χ² = \d+\.\d of 9 degrees of freedom/);
  });

  test('is a page that needs nothing else, with pictures inside', async () => {
    const page = await metrics.evaluationPage(evaluation, { samples: rows(0, 300), training: rows(600, 1000) });
    expect(page.match(/src="data:image\/png;base64,/g)).toHaveLength(3);
    expect(page).not.toMatch(/src="(?!data:)|href=|@import|url\(/);
    expect(page).toContain('digits 1');
    for (const name of ['precision', 'recall', 'coverage', 'Laplacian variance']) expect(page).toContain(name);
  });
});

describe('refuses', () => {
  test('too few samples for a figure, and gives none', async () => {
    await expect(metrics.evaluate(rows(0, 64), { reference: rows(300, 600) })).rejects.toThrow(
      error('CUDA_GAN_DATA', 'samples has 64 samples; the Fréchet distance of 64 features needs at least 65'),
    );
  });

  test('images that do not fit each other, or the network', async () => {
    const small = tensor(new Uint8Array(16 * 100), [100, 4, 4, 1]);
    await expect(metrics.evaluate(small, { reference: rows(0, 300) })).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'samples are images of [4, 4, 1], reference of [28, 28, 1]: they must be alike'),
    );
    await expect(metrics.evaluate(small, { reference: small })).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'images are [4, 4, 1]; the feature network digits 1 takes [28, 28, 1]'),
    );
  });

  test('numbers that are not finite', async () => {
    const bad = tensor(new Float32Array(784 * 100).fill(Number.NaN, 784, 785), [100, 28, 28, 1]);
    await expect(metrics.evaluate(bad, { reference: rows(0, 300) })).rejects.toThrow(
      error('CUDA_GAN_DATA', 'samples contains NaN in sample 1'),
    );
  });

  test('bytes as floating-point numbers, in samples as in data', async () => {
    const { shape, data } = rows(0, 100);
    const floats = tensor(Float32Array.from(data), shape);
    const wanted = 'has float32 pixels from 0 to 255; wanted are those of the range -1 to 1, or uint8 of 0 to 255';
    await expect(metrics.evaluate(floats, { reference: rows(0, 300) })).rejects.toThrow(
      error('CUDA_GAN_DATA', `samples ${wanted}`),
    );
    await expect(metrics.evaluate(rows(0, 100), { reference: floats })).rejects.toThrow(
      error('CUDA_GAN_DATA', `reference ${wanted}`),
    );
    await expect(metrics.sharpness(floats, rows(0, 100))).rejects.toThrow(error('CUDA_GAN_DATA', `samples ${wanted}`));
    await metrics.sharpness(floats, rows(0, 100), { range: [0, 255] });
  });

  test('a range that reaches below 0, of which no pixel does, is said to be hardly meant', async () => {
    const { shape, data } = rows(0, 100);
    const units = tensor(
      Float32Array.from(data, (byte) => byte / 255),
      shape,
    );
    const said = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    await metrics.sharpness(units, rows(0, 100), { range: [0, 1] });
    expect(said).not.toHaveBeenCalled();
    await metrics.sharpness(units, rows(0, 100));
    expect(said).toHaveBeenCalledWith(
      expect.stringContaining('samples has no pixel below 0'),
      expect.objectContaining({ code: 'CUDA_GAN_DATA_RANGE' }),
    );
    said.mockRestore();
  });

  test('what is no network, and no reference', async () => {
    await expect(
      metrics.evaluate(rows(0, 100), { reference: rows(0, 100), network: 'inception' as never }),
    ).rejects.toThrow(error('CUDA_GAN_VALUE', 'network is "inception"; allowed are feature networks'));
    await expect(metrics.evaluate(rows(0, 100), {} as metrics.EvaluateOptions)).rejects.toThrow(
      error('CUDA_GAN_DATA', 'reference is not a tensor'),
    );
  });
});
