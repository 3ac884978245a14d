// Noise that can be asked for, grids of classes by noise, and how a training shows its samples.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import { type ClassGridOptions, GAN, type GanOptions, type Tensor, tensor } from '../../lib/index';
import { RandomStream } from '../../lib/random/random-stream';
import { error } from '../support/errors';
import { junk, junkOptions, onlyCodedErrors } from '../support/junk';
import { scratchFolder } from './scratch';
import { smallGan, smallImages } from './small-gan';

const latentDim = 3;

/** Of 4x4 images of so many classes. */
function classGan(classes = 3, options: GanOptions = {}): GAN {
  const networks = { name: 'mlp', width: 1 / 64 } as const;
  return new GAN({ preset: 'cgan', networks, imageShape: [4, 4, 1], latentDim, classes, seed: 2, ...options });
}

/** Rows `from` to `to` of a tensor. */
function rows({ shape, data }: Tensor<Float32Array>, from: number, to: number): number[] {
  const length = data.length / shape[0]!;
  return [...data.subarray(from * length, to * length)];
}

describe('noise', () => {
  test('is what generate makes its images of', async () => {
    const gan = smallGan({ seed: 3 });
    for (const options of [{ seed: 5 }, { seed: 5, truncation: 0.5 }]) {
      const noise = await gan.noise(7, options);
      expect(noise.shape).toEqual([7, 4]);
      const [fromNoise, drawn] = [await gan.generate(7, { noise }), await gan.generate(7, options)];
      // By another program, whose sums may be in another order: of 10 products at most, between numbers of about 1.
      drawn.data.forEach((value, i) => {
        expect(Math.abs(fromNoise.data[i]! - value)).toBeLessThan(10 * 2 ** -22);
      });
    }
  });

  test('of few images is the beginning of that of many', async () => {
    const gan = smallGan({ seed: 3 });
    for (const options of [{ seed: 1 }, { seed: 1, truncation: 0.7 }]) {
      const [few, many] = [await gan.noise(5, options), await gan.noise(25, options)];
      expect(rows(many, 0, 5)).toEqual([...few.data]);
    }
  });

  test('is other noise for another seed, and at each call without one', async () => {
    const gan = smallGan({ seed: 3 });
    const [first, second] = [await gan.noise(4), await gan.noise(4)];
    expect(first).not.toEqual(second);
    expect([first, second]).toEqual([await gan.noise(4, { seed: 0 }), await gan.noise(4, { seed: 1 })]);
  });

  test('is standard normal, or no more than the truncation', async () => {
    const gan = smallGan({ seed: 3 });
    const { data } = await gan.noise(5000, { seed: 1 });
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    const variance = data.reduce((sum, value) => sum + value * value, 0) / data.length;
    // Five standard errors of 20000 numbers: 1/√n of the mean, √(2/n) of the variance.
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(20000));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / 20000));
    const truncated = (await gan.noise(5000, { seed: 1, truncation: 0.5 })).data;
    expect(Math.max(...truncated.map(Math.abs))).toBeLessThanOrEqual(0.5);
    expect(Math.max(...truncated.map(Math.abs))).toBeGreaterThan(0.49);
  });

  test.each([
    [0, {}, 'count is 0; allowed are whole numbers from 1'],
    [1, { truncation: 0 }, 'truncation is 0; allowed are numbers from 0.01 on'],
    [1, { truncation: 5n }, 'truncation is 5n; allowed are numbers from 0.01 on'],
    [1, { seed: -1 }, 'seed is -1; allowed are whole numbers from 0'],
    [1, { class: 1 }, 'gan.noise: unknown option "class"; allowed are seed, truncation'],
  ])('of %p with %p is an error', async (count, options, message) => {
    await expect(smallGan().noise(count, options as object)).rejects.toThrow(error('CUDA_GAN_VALUE', message));
  });
});

describe('a class grid', () => {
  test('has every class in a row, the same noise in a column', async () => {
    const gan = classGan(3);
    const { images, rows: count, columns } = await gan.classGrid({ columns: 4, seed: 6 });
    expect({ count, columns, shape: images.shape }).toEqual({ count: 3, columns: 4, shape: [12, 4, 4, 1] });
    const noise = await gan.noise(4, { seed: 6 });
    for (const label of [0, 1, 2]) {
      const row = await gan.generate(4, { noise, class: label });
      rows(images, 4 * label, 4 * label + 4).forEach((value, i) => {
        // Batches of another size may add in another order.
        expect(Math.abs(value - row.data[i]!)).toBeLessThan(10 * 2 ** -22);
      });
    }
    expect(rows(images, 0, 4)).not.toEqual(rows(images, 4, 8));
  });

  test('has ten columns by default, those of its noise where that is given, and truncated noise where that is asked for', async () => {
    const gan = classGan(2);
    expect((await gan.classGrid()).columns).toBe(10);
    const noise = await gan.noise(3, { seed: 4, truncation: 0.4 });
    const grid = await gan.classGrid({ noise });
    expect(grid.columns).toBe(3);
    expect(grid).toEqual(await gan.classGrid({ columns: 3, seed: 4, truncation: 0.4 }));
  });

  test.each<[ClassGridOptions, string, string]>([
    [{ columns: 0 }, 'CUDA_GAN_VALUE', 'columns is 0; allowed are whole numbers from 1 to 715827882'],
    [{ noise: tensor([[1, 2]]) }, 'CUDA_GAN_SHAPE', 'noise'],
    [{ noise: tensor([[1, 2, 3]]), columns: 2 }, 'CUDA_GAN_SHAPE', 'noise has 1 rows, but 2 are wanted'],
    [{ noise: tensor([[1, 2, 3]]), seed: 2 }, 'CUDA_GAN_VALUE', 'gan.classGrid: noise and seed are both given'],
    [{ rows: 2 } as object, 'CUDA_GAN_VALUE', 'gan.classGrid: unknown option "rows"'],
  ])('with %p is an error', async (options, code, message) => {
    await expect(classGan(3).classGrid(options)).rejects.toThrow(error(code as never, message));
  });

  test('of a generator without classes is an error', async () => {
    await expect(smallGan().classGrid()).rejects.toThrow(
      error('CUDA_GAN_STATE', 'gan.classGrid: the generator knows no classes: it has no input for them'),
    );
  });

  test('of junk never fails in another way', async () => {
    const gan = classGan(2, { device: 'cpu' });
    const valid = { columns: 2, noise: tensor([[1, 2, 3]]), seed: 1, truncation: 1 };
    const isSmall = (columns: unknown) => typeof columns !== 'number' || !(columns > 64 && columns < 2 ** 31);
    const options = junkOptions(valid).filter((found) => isSmall(Object(found).columns));
    await fc.assert(
      fc.asyncProperty(options, junk, async (found, count) => {
        await onlyCodedErrors(() => gan.classGrid(found as ClassGridOptions));
        if (isSmall(count)) await onlyCodedErrors(() => gan.noise(count as number, found as object));
      }),
    );
  });
});

describe('the samples of a training', () => {
  /** What onSample is given, and the size of the picture, after a step. */
  async function samplesOf(gan: GAN, classes?: number) {
    const outDir = scratchFolder();
    let samples: Tensor<Float32Array> | undefined;
    const images = smallImages();
    const random = new RandomStream(1, 0);
    const labels = tensor(
      Int32Array.from({ length: 12 }, () => random.integer(classes ?? 1)),
      [12],
    );
    await gan.train(classes === undefined ? images : { images, labels }, {
      steps: 1,
      batchSize: 4,
      outDir,
      onSample: (_, found) => {
        samples = found;
      },
    });
    const { width, height } = PNG.sync.read(readFileSync(join(outDir, 'images/samples_0.png')));
    return { samples: samples!, picture: [width, height] };
  }
  const side = (count: number) => 6 + count * (4 * 3 + 6);

  test('are a class grid of ten columns where there are few classes', async () => {
    const gan = classGan(20);
    const { samples, picture } = await samplesOf(gan, 20);
    expect(picture).toEqual([side(10), side(20)]);
    expect(samples).toEqual((await gan.classGrid({ columns: 10, seed: 0 })).images);
  });

  test.each<[string, () => GAN, number | undefined]>([
    ['many classes', () => classGan(21), 21],
    ['no classes', () => smallGan(), undefined],
  ])('are 5x5 images where there are %s', async (_, make, classes) => {
    const gan = make();
    const { samples, picture } = await samplesOf(gan, classes);
    expect(picture).toEqual([side(5), side(5)]);
    expect(samples).toEqual(await gan.generate(25, { seed: 0 }));
  });
});
