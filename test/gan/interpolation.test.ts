// Walks through latent space: where they lead, and what is no vector to walk from.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type InterpolateOptions, interpolateNoise, type Tensor, tensor } from '../../lib/index';
import { error } from '../support/errors';
import { junk, onlyCodedErrors } from '../support/junk';

/** The points of a walk as lists. */
function walk(vectors: number[][], options?: InterpolateOptions): number[][] {
  const { shape, data } = interpolateNoise(tensor(vectors), options);
  const [points, latentDim] = shape as [number, number];
  return Array.from({ length: points }, (_, i) => [...data.subarray(i * latentDim, (i + 1) * latentDim)]);
}

const lengthOf = (vector: number[]) => Math.hypot(...vector);
const unit = (vector: number[]) => vector.map((value) => value / lengthOf(vector));

/** The angle between two vectors, by Kahan's formula, which is exact for small and for large ones. */
function angleBetween(a: number[], b: number[]): number {
  const [start, end] = [unit(a), unit(b)];
  const difference = lengthOf(start.map((value, i) => value - end[i]!));
  const sum = lengthOf(start.map((value, i) => value + end[i]!));
  return 2 * Math.atan2(difference, sum);
}

/** Points are rounded to float32: by half an ulp, 2⁻²⁴ of each number, so of the whole; twice that for two points. */
const rounding = 2 ** -23;

const number = fc.float({ min: -3, max: 3, noNaN: true }).filter((value) => value === 0 || Math.abs(value) > 1e-3);
const pairs = fc
  .integer({ min: 2, max: 8 })
  .chain((size) => {
    const vector = fc.array(number, { minLength: size, maxLength: size }).filter((values) => lengthOf(values) > 0);
    const scale = fc.constantFrom(-1, 1, 0.5, -2);
    const related = fc.tuple(vector, scale).map(([from, factor]) => [from, from.map((value) => factor * value)]);
    return fc.oneof(fc.tuple(vector, vector), related);
  })
  .map((vectors) => vectors as [number[], number[]]);

describe('between two vectors', () => {
  test('the direction turns by the same angle at each step, and the length grows by the same amount', () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 7 }), ([from, to], steps) => {
        const whole = angleBetween(from, to);
        const points = walk([from, to], { steps });
        expect(points).toHaveLength(steps + 1);
        points.forEach((point, i) => {
          const length = lengthOf(from) + (i / steps) * (lengthOf(to) - lengthOf(from));
          expect(Math.abs(lengthOf(point) / length - 1)).toBeLessThan(rounding);
          expect(Math.abs(angleBetween(from, point) - (i / steps) * whole)).toBeLessThan(rounding);
          // Directions within 2⁻²⁴ of opposite are taken for opposite.
          expect(Math.abs(angleBetween(point, to) - (1 - i / steps) * whole)).toBeLessThan(2 * rounding);
        });
      }),
    );
  });

  test("unit vectors meet Shoemake's formula", () => {
    const [a, b] = [unit([1, 2, -2]), unit([2, -1, 0.5])];
    const omega = Math.acos(a.reduce((sum, value, i) => sum + value * b[i]!, 0));
    walk([a, b], { steps: 8 }).forEach((point, i) => {
      const weights = [Math.sin((1 - i / 8) * omega) / Math.sin(omega), Math.sin((i / 8) * omega) / Math.sin(omega)];
      point.forEach((value, j) => {
        const wanted = weights[0]! * a[j]! + weights[1]! * b[j]!;
        // The vectors are rounded to float32 before, the point after: twice 2⁻²⁵ of numbers below 1, and the weights add up to less than 2.
        expect(Math.abs(value - wanted)).toBeLessThan(4 * 2 ** -25);
      });
    });
  });

  test('the way does not come nearer to 0, as the straight one would', () => {
    const [, middle] = walk(
      [
        [2, 0],
        [0, 2],
      ],
      { steps: 2 },
    );
    expect(middle).toEqual([Math.fround(Math.SQRT2), Math.fround(Math.SQRT2)]);
  });

  test('in one direction it is straight', () => {
    const middle = walk(
      [
        [1, 0, 2],
        [3, 0, 6],
      ],
      { steps: 2 },
    )[1]!;
    middle.forEach((value, i) => {
      expect(Math.abs(value - [2, 0, 4][i]!)).toBeLessThan(4 * rounding);
    });
  });

  test('in opposite directions it is a half circle', () => {
    const points = walk(
      [
        [3, 0],
        [-3, 0],
      ],
      { steps: 2 },
    );
    expect(Math.abs(points[1]![1]!)).toBe(3);
    expect(Math.abs(points[1]![0]!)).toBeLessThan(rounding);
  });

  test('from, to and between zeros it is straight', () => {
    expect(
      walk(
        [
          [0, 0],
          [2, 4],
          [0, 0],
          [0, 0],
        ],
        { steps: 2 },
      ),
    ).toEqual([
      [0, 0],
      [1, 2],
      [2, 4],
      [1, 2],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  test('of one number it goes through 0 where the sign changes', () => {
    expect(walk([[1], [3], [-3]], { steps: 2 }).map(([value]) => Math.round(value! * 1e6) / 1e6)).toEqual([
      1, 2, 3, 0, -3,
    ]);
  });
});

describe('a walk', () => {
  const stops = [
    [1, 0.1, -0.3],
    [-0.7, 2, 0.1],
    [0.3, -1, -1],
  ];
  const given = stops.map((stop) => stop.map(Math.fround));

  test('passes through the vectors as they are, every tenth point by default', () => {
    const points = walk(stops);
    expect(points).toHaveLength(21);
    expect([points[0], points[10], points[20]]).toEqual(given);
  });

  test('goes on to the first vector in a loop, which ends a step before it', () => {
    const [open, loop] = [walk(stops, { steps: 4 }), walk(stops, { steps: 4, loop: true })];
    expect(loop).toHaveLength(12);
    expect(loop.slice(0, 9)).toEqual(open);
    expect([...loop.slice(8), given[0]]).toEqual(walk([stops[2]!, stops[0]!], { steps: 4 }));
  });

  test('takes several vectors along at once, each on its own way', () => {
    const others = stops.map((stop) => stop.map((value) => 1 - value));
    const both = interpolateNoise(tensor(stops.map((stop, i) => [stop, others[i]!])), { steps: 3 });
    expect(both.shape).toEqual([7, 2, 3]);
    const alone = [walk(stops, { steps: 3 }), walk(others, { steps: 3 })];
    expect([...both.data]).toEqual(alone[0]!.flatMap((point, i) => [...point, ...alone[1]![i]!]));
  });

  test('of one vector stays there', () => {
    expect(walk([[1, 2]])).toEqual([[1, 2]]);
    expect(
      walk([[1, 2]], { steps: 3, loop: true }).every(
        ([a, b]) => Math.abs(a! - 1) < rounding && Math.abs(b! - 2) < 2 * rounding,
      ),
    ).toBe(true);
  });

  test('leaves the noise as it was', () => {
    const noise = tensor(stops);
    const before = noise.data.slice();
    interpolateNoise(noise, { loop: true });
    expect(noise.data).toEqual(before);
  });
});

describe('no walk leads', () => {
  test.each<[string, unknown, object | undefined, string, string]>([
    ['over no tensor', [1, 2], undefined, 'CUDA_GAN_DATA', 'noise is not a tensor'],
    ['over one vector alone', tensor([1, 2]), undefined, 'CUDA_GAN_SHAPE', 'noise has shape [2]; wanted is [stops, '],
    ['over nothing', tensor(new Float32Array(0), [0, 3]), undefined, 'CUDA_GAN_SHAPE', 'noise has shape [0, 3]'],
    ['over integers', tensor(new Int32Array(4), [2, 2]), undefined, 'CUDA_GAN_DATA', 'noise holds int32'],
    ['over NaN', tensor([[1, Number.NaN]]), undefined, 'CUDA_GAN_DATA', 'noise contains NaN at index 1'],
    ['in no steps', tensor([[1]]), { steps: 0 }, 'CUDA_GAN_VALUE', 'steps is 0; allowed are whole numbers from 1 on'],
    ['in half a loop', tensor([[1]]), { loop: 0.5 }, 'CUDA_GAN_VALUE', 'loop is 0.5; allowed are true and false'],
    ['by unknown options', tensor([[1]]), { step: 2 }, 'CUDA_GAN_VALUE', 'unknown option "step"; did you mean "steps"'],
  ])('%s', (_, noise, options, code, message) => {
    expect(() => interpolateNoise(noise as Tensor<Float32Array>, options)).toThrow(error(code as never, message));
  });

  test('over junk, which never fails in another way', async () => {
    await fc.assert(
      fc.asyncProperty(junk, (noise) => onlyCodedErrors(() => interpolateNoise(noise as Tensor<Float32Array>))),
    );
  });
});
