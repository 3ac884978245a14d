// Initializers: their distributions beside those of Keras, orthogonality, options.
import { describe, expect, test } from '@jest/globals';
import { initializers } from '../../lib/index';
import { type InitializerLike, type InitializerName, toInitializer } from '../../lib/initializers/index';
import { RandomStream } from '../../lib/random/random-stream';
import type { Shape } from '../../lib/tensor';
import { error } from '../support/errors';
import { keras, u } from '../support/keras';

const { shape, samples } = keras.initializers;
const size = shape[0]! * shape[1]!;

const create = (wanted: InitializerLike, of: Shape, stream = 0) =>
  toInitializer(wanted).create(of, new RandomStream(1, stream));
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const largest = (values: ArrayLike<number>) => Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

describe.each(Object.entries(samples))('%s', (name, wanted) => {
  const values = create(name as InitializerName, shape);
  // Two samples of the same distribution: √2 times six standard errors, which chance exceeds once in 10⁹ times.
  const bound = (6 * Math.SQRT2 * wanted.stddev) / Math.sqrt(size);

  test('has the mean and the deviation that Keras has', () => {
    expect(Math.abs(mean(values) - wanted.mean)).toBeLessThan(bound);
    // The standard error of a deviation is √((kurtosis - 1) / 4) of that of a mean, less than 1 up to normal numbers.
    const deviation = Math.sqrt(mean(values.map((value) => value ** 2)));
    expect(Math.abs(deviation - wanted.stddev)).toBeLessThan(bound);
  });

  test('depends on seed and stream alone', () => {
    expect(create(name as InitializerName, [3, 4])).toEqual(create(name as InitializerName, [3, 4]));
    expect(create(name as InitializerName, [3, 4], 1)).not.toEqual(create(name as InitializerName, [3, 4]));
  });
});

describe.each([
  ['lecunUniform', (fanIn: number) => Math.sqrt(3 / fanIn)],
  // A normal distribution cut at twice its deviation, widened by what the cut takes from it.
  ['lecunNormal', (fanIn: number) => (2 * Math.sqrt(1 / fanIn)) / 0.8796256610342398],
] as const)('%s', (name, limitOf) => {
  const [fanIn] = shape;
  const values = create(name, shape);

  test('has mean 0 and variance 1 / fan in', () => {
    const deviation = Math.sqrt(1 / fanIn!);
    // Six standard errors, as above.
    const bound = (6 * deviation) / Math.sqrt(size);
    expect(Math.abs(mean(values))).toBeLessThan(bound);
    expect(Math.abs(Math.sqrt(mean(values.map((value) => value ** 2))) - deviation)).toBeLessThan(bound);
  });

  test('ends where it must', () => {
    const limit = limitOf(fanIn!);
    expect(largest(values)).toBeLessThanOrEqual(limit);
    expect(largest(values)).toBeGreaterThan((1 - 4e-3) * limit);
  });
});

test.each(['glorotUniform', 'glorotNormal', 'heUniform', 'heNormal', 'randomUniform', 'truncatedNormal'] as const)(
  '%s ends where it ends in Keras',
  (name) => {
    // Of 60000 uniform numbers the largest is within 10⁻³ of the limit but for chances of e⁻⁶⁰. At the cut of a normal
    // distribution the density is 0.23 times as high as that of a uniform one: within 4 · 10⁻³ then.
    expect(Math.abs(largest(create(name, shape)) / samples[name]!.largest - 1)).toBeLessThan(4e-3);
  },
);

test('constants', () => {
  expect(create('zeros', [2, 2])).toEqual(new Float32Array(4));
  expect(create('ones', [3])).toEqual(Float32Array.of(1, 1, 1));
  expect(create('constant', [1])).toEqual(Float32Array.of(0));
  expect(create(initializers.constant({ value: 2.5 }), [])).toEqual(Float32Array.of(2.5));
});

test('a field of a convolution counts towards both fans', () => {
  // 3 · 3 · 4 inputs, 3 · 3 · 8 outputs.
  const values = create('glorotUniform', [3, 3, 4, 8]);
  const limit = Math.sqrt(6 / (36 + 72));
  expect(largest(values)).toBeLessThanOrEqual(limit);
  // 288 numbers all miss the last tenth once in 10¹³ times.
  expect(largest(values)).toBeGreaterThan(0.9 * limit);
});

describe('orthogonal', () => {
  test.each([
    [30, 12],
    [12, 30],
    [20, 20],
    [6, 5, 7],
  ])('of %j has orthonormal columns, or rows where they are fewer', (...of) => {
    const gain = 1.5;
    const values = create(initializers.orthogonal({ gain }), of);
    const columns = of.at(-1)!;
    const rows = values.length / columns;
    const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
    const at = (vector: number, i: number) => values[rows < columns ? vector * columns + i : i * columns + vector]!;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        const product = Array.from({ length }, (_, i) => at(a, i) * at(b, i)).reduce((sum, value) => sum + value);
        // Every element is off by u of itself, and the vectors have length `gain`.
        expect(Math.abs(product - (a === b ? gain ** 2 : 0))).toBeLessThan(2 * u * gain ** 2 + 1e-12);
      }
    }
  });

  test('needs two dimensions', () => {
    expect(() => create('orthogonal', [5])).toThrow(
      error('CUDA_GAN_SHAPE', 'orthogonal needs at least 2 dimensions, found [5]'),
    );
  });
});

/** By name: the options that scale it. */
const drawing = {
  glorotNormal: {},
  glorotUniform: {},
  heNormal: {},
  heUniform: {},
  lecunNormal: {},
  lecunUniform: {},
  orthogonal: { gain: 2 },
  randomNormal: { mean: 1, stddev: 2 },
  randomUniform: { minval: 1, maxval: 2 },
  truncatedNormal: { mean: 1, stddev: 2 },
};

test('every initializer but the constant ones draws', () => {
  const names = Object.keys(initializers).filter(
    (name) => !['constant', 'ones', 'toInitializer', 'zeros'].includes(name),
  );
  expect(Object.keys(drawing)).toEqual(names.sort());
});

describe.each(Object.entries(drawing))('the seed of %s', (name, scale) => {
  const seeded = (seed: number) => toInitializer({ name: name as InitializerName, config: { ...scale, seed } });

  test('gives the same weights at every call, whatever the seed of the model', () => {
    const weights = create(seeded(42), [3, 4]);
    const one = seeded(42);
    for (const stream of [0, 1]) {
      expect(create(seeded(42), [3, 4], stream)).toEqual(weights);
      expect(create(one, [3, 4], stream)).toEqual(weights);
    }
  });

  test('gives other weights than another seed, and than the seed of a model of the same number', () => {
    expect(create(seeded(42), [3, 4])).not.toEqual(create(seeded(43), [3, 4]));
    expect(create(seeded(1), [3, 4])).not.toEqual(create({ name: name as InitializerName, config: scale }, [3, 4]));
  });

  test('leaves the distribution as it is', () => {
    const [one, other] = [create(seeded(42), shape), create({ name: name as InitializerName, config: scale }, shape)];
    const deviation = (values: Float32Array) => Math.sqrt(mean(values.map((x) => x ** 2)) - mean(values) ** 2);
    // As for the samples of Keras.
    const bound = (6 * Math.SQRT2 * deviation(other)) / Math.sqrt(size);
    expect(Math.abs(mean(one) - mean(other))).toBeLessThan(bound);
    expect(Math.abs(deviation(one) - deviation(other))).toBeLessThan(bound);
  });

  test('is kept', () => {
    expect(seeded(42).config).toEqual({ ...scale, seed: 42 });
    expect(toInitializer({ name: name as InitializerName, config: scale }).config).toEqual(scale);
    expect(toInitializer(name as InitializerName).config).not.toHaveProperty('seed');
  });

  test.each([-1, 0.5, 2 ** 32, Number.NaN])('must not be %d', (seed) => {
    expect(() => seeded(seed)).toThrow(
      error('CUDA_GAN_VALUE', `seed is ${seed}; allowed are whole numbers from 0 to 4294967295`),
    );
  });
});

test.each([
  ['constant', { value: 2 }],
  ['orthogonal', { gain: 2 }],
  ['randomNormal', { mean: 1, stddev: 2 }],
  ['randomUniform', { minval: 1, maxval: 2 }],
  ['truncatedNormal', { mean: 1, stddev: 2 }],
] as const)('%s is found again by its name and options', (name, config) => {
  expect(toInitializer({ name, config })).toMatchObject({ name, config });
});

describe('errors', () => {
  test.each([
    ['value', (value: number) => initializers.constant({ value })],
    ['mean', (mean: number) => initializers.randomNormal({ mean })],
    ['stddev', (stddev: number) => initializers.randomNormal({ stddev })],
    ['mean', (mean: number) => initializers.truncatedNormal({ mean })],
    ['stddev', (stddev: number) => initializers.truncatedNormal({ stddev })],
    ['minval', (minval: number) => initializers.randomUniform({ minval })],
    ['maxval', (maxval: number) => initializers.randomUniform({ maxval })],
    ['gain', (gain: number) => initializers.orthogonal({ gain })],
  ])('%s that is not finite', (name, make) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => make(value)).toThrow(error('CUDA_GAN_VALUE', `${name} is ${value}; allowed are finite numbers`));
    }
  });

  test('a negative deviation', () => {
    const wanted = error('CUDA_GAN_VALUE', 'stddev is -1; allowed are finite numbers from 0 on');
    expect(() => initializers.randomNormal({ stddev: -1 })).toThrow(wanted);
    expect(() => initializers.truncatedNormal({ stddev: -1 })).toThrow(wanted);
  });

  test("one's own is not called as one of the package: a file would make that of it", () => {
    const own = { name: 'zeros', config: {}, create: () => new Float32Array(1) };
    expect(() => toInitializer(own)).toThrow(
      error('CUDA_GAN_VALUE', 'the initializer "zeros" is your own, but is called as one of the package'),
    );
  });

  test('options beside the name are not taken for those of config', () => {
    expect(() => toInitializer({ name: 'constant', value: 3 } as never)).toThrow(
      error('CUDA_GAN_VALUE', 'the initializer "constant" has value beside its name; its options are in config'),
    );
  });

  test('an unknown initializer lists those there are', () => {
    expect(() => toInitializer('lecun' as InitializerName)).toThrow(
      error('CUDA_GAN_VALUE', 'unknown initializer "lecun"; allowed are constant, glorotNormal'),
    );
  });
});
