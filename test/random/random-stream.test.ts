// The host's random numbers.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { philox } from '../../lib/random/philox';
import { RandomStream, randomSeed } from '../../lib/random/random-stream';

const take = (count: number, draw: () => number) => Array.from({ length: count }, draw);
const words = (seed: number, stream: number) => {
  const random = new RandomStream(seed, stream);
  return take(9, () => random.word());
};

describe('a stream', () => {
  test('gives the words of Philox blocks 0, 1, … one after the other', () => {
    const blocks = [0, 1, 2].flatMap((block) => philox([block, 0, 0, 0], [5, 6]));
    expect(words(5, 6)).toEqual(blocks.slice(0, 9));
  });

  test('depends on the seed and on its number', () => {
    expect(words(1, 0)).toEqual(words(1, 0));
    expect(words(1, 0)).not.toEqual(words(2, 0));
    expect(words(1, 0)).not.toEqual(words(1, 1));
    expect(words(0, 1)).not.toEqual(words(1, 0));
  });
});

const samples = 40_000;
/** Six standard errors of a mean of `samples` numbers with this deviation: chance exceeds it once in 10⁹ times. */
const meanError = (deviation: number) => (6 * deviation) / Math.sqrt(samples);
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('uniform numbers lie in [0, 1) and have mean 1/2 and variance 1/12', () => {
  const random = new RandomStream(1, 2);
  const values = take(samples, () => random.uniform());
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  expect(Math.abs(meanOf(values) - 1 / 2)).toBeLessThan(meanError(Math.sqrt(1 / 12)));
  // The variance of (u - 1/2)² is 1/80 - 1/144 = 1/180.
  expect(Math.abs(meanOf(values.map((value) => (value - 0.5) ** 2)) - 1 / 12)).toBeLessThan(
    meanError(Math.sqrt(1 / 180)),
  );
});

test('normal numbers have mean 0, variance 1 and a fourth moment of 3', () => {
  const random = new RandomStream(3, 4);
  const values = take(samples, () => random.normal());
  expect(values.every(Number.isFinite)).toBe(true);
  expect(Math.abs(meanOf(values))).toBeLessThan(meanError(1));
  // The variances of n² and n⁴ are 3 - 1 and 105 - 9.
  expect(Math.abs(meanOf(values.map((value) => value ** 2)) - 1)).toBeLessThan(meanError(Math.sqrt(2)));
  expect(Math.abs(meanOf(values.map((value) => value ** 4)) - 3)).toBeLessThan(meanError(Math.sqrt(96)));
});

test('integers are below their limit', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 2 ** 32 - 1 }), (seed, limit) => {
      const random = new RandomStream(seed, 0);
      const values = take(20, () => random.integer(limit));
      expect(values.every((value) => Number.isInteger(value) && value >= 0 && value < limit)).toBe(true);
    }),
  );
});

test('every integer below the limit comes equally often', () => {
  const random = new RandomStream(8, 0);
  const counts = [0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < samples; i++) counts[random.integer(7)]!++;
  for (const count of counts) expect(Math.abs(count / samples - 1 / 7)).toBeLessThan(meanError(Math.sqrt(6 / 49)));
});

describe('shuffling', () => {
  const range = (length: number) => Int32Array.from({ length }, (_, i) => i);

  test('keeps every item', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 200 }), (seed, length) => {
        const items = range(length);
        new RandomStream(seed, 0).shuffle(items);
        expect(items.sort()).toEqual(range(length));
      }),
    );
  });

  test('brings every item to every place equally often', () => {
    const random = new RandomStream(11, 0);
    const rounds = samples / 4;
    const counts = range(16).fill(0);
    for (let round = 0; round < rounds; round++) {
      const items = range(4);
      random.shuffle(items);
      items.forEach((item, place) => {
        counts[4 * place + item]!++;
      });
    }
    const error = (6 * Math.sqrt(3 / 16)) / Math.sqrt(rounds);
    for (const count of counts) expect(Math.abs(count / rounds - 1 / 4)).toBeLessThan(error);
  });
});

test('a random seed can key a stream', () => {
  const seeds = take(1000, randomSeed);
  expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true);
});
