// The same seed gives the same bits: on every run, for any number of threads, in one call of `train` or in several.
import { describe, expect, test } from '@jest/globals';
import { GAN, type GanOptions, type Tensor, type TrainOptions, tensor } from '../../lib/index';
import { RandomStream } from '../../lib/random/random-stream';
import { smallGan, smallImages, weightsOf } from './small-gan';

async function trained(gan: GAN, images: Tensor<Uint8Array>, ...runs: TrainOptions[]) {
  const histories = [];
  for (const run of runs) histories.push(await gan.train(images, { batchSize: 8, ...run }));
  const result = {
    dLoss: histories.flatMap(({ dLoss }) => [...dLoss]),
    gLoss: histories.flatMap(({ gLoss }) => [...gLoss]),
    dAccuracy: histories.flatMap(({ dAccuracy }) => [...dAccuracy]),
    ...(await weightsOf(gan)),
  };
  gan.dispose();
  return result;
}

describe('training', () => {
  const train = (options: GanOptions, ...runs: TrainOptions[]) => trained(smallGan(options), smallImages(), ...runs);

  test.each(['cpu', 'reference'] as const)('gives the same bits for the same seed on the %s device', async (device) => {
    expect(await train({ seed: 3, device }, { steps: 20 })).toEqual(await train({ seed: 3, device }, { steps: 20 }));
  });

  test('gives other numbers for another seed', async () => {
    const [a, b] = [await train({ seed: 3 }, { steps: 2 }), await train({ seed: 4 }, { steps: 2 })];
    expect(a.dLoss).not.toEqual(b.dLoss);
    expect(a.generator).not.toEqual(b.generator);
  });

  test('goes on where it ended: 5 steps and 7 more are 12 steps, bit for bit', async () => {
    expect(await train({}, { steps: 5 }, { steps: 7 })).toEqual(await train({}, { steps: 12 }));
  });

  test('takes steps and epochs for the same thing', async () => {
    const steps = await train({}, { steps: 6 });
    expect(await train({}, { epochs: 6 })).toEqual(steps);
    expect(await train({}, { steps: 6, epochs: 6 })).toEqual(steps);
  });

  test('does not depend on samples, files or callbacks', async () => {
    const watched = { steps: 9, sampleInterval: 2, onSample: () => undefined, onProgress: () => undefined };
    expect(await train({}, watched)).toEqual(await train({}, { steps: 9 }));
  });

  test("gives the same bits for 1 and 2 threads with the article's networks", async () => {
    const random = new RandomStream(9, 0);
    const pixels = Uint8Array.from({ length: 40 * 784 }, () => random.integer(256));
    const digits = tensor(pixels, [40, 28, 28, 1]);
    const [one, two] = await Promise.all(
      [1, 2].map((threads) => trained(new GAN({ seed: 2, threads }), digits, { steps: 4, batchSize: 32 })),
    );
    expect(one!.gLoss).toEqual(two!.gLoss);
    expect([...one!.generator, ...one!.discriminator].map(hash)).toEqual(
      [...two!.generator, ...two!.discriminator].map(hash),
    );
  });
});

describe('generate', () => {
  const imagesOf = async (...calls: Parameters<GAN['generate']>[]) => {
    const gan = smallGan({ seed: 3 });
    const found = [];
    for (const call of calls) found.push(await gan.generate(...call));
    gan.dispose();
    return found;
  };

  test('draws 25 images unless told otherwise', async () => {
    const [some, two] = await imagesOf([], [2]);
    expect(some!.shape).toEqual([25, 4, 4, 1]);
    expect(two!.shape).toEqual([2, 4, 4, 1]);
    expect(two!.data).toHaveLength(32);
  });

  test('gives the same images for the same seed, others for another', async () => {
    const [a, b, other] = await imagesOf([3, { seed: 8 }], [3, { seed: 8 }], [3, { seed: 9 }]);
    expect(a).toEqual(b);
    expect(a).not.toEqual(other);
    expect(await imagesOf([3, { seed: 8 }])).toEqual([a]);
  });

  test('counts its calls from seed 0 on when none is given', async () => {
    expect(await imagesOf([3], [3])).toEqual(await imagesOf([3, { seed: 0 }], [3, { seed: 1 }]));
  });

  test('takes calls of different sizes at the same time', async () => {
    const gan = smallGan({ seed: 3 });
    const together = await Promise.all([gan.generate(2, { seed: 1 }), gan.generate(3, { seed: 1 })]);
    gan.dispose();
    expect(together).toEqual(await imagesOf([2, { seed: 1 }], [3, { seed: 1 }]));
  });
});

/** FNV-1a over the bits, to compare millions of numbers quickly and report a difference briefly. */
function hash({ buffer, byteOffset, length }: Float32Array): number {
  return new Uint32Array(buffer, byteOffset, length).reduce((sum, bits) => Math.imul(sum ^ bits, 16777619), 2166136261);
}
