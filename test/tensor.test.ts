// Host tensors: data with a shape.
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ErrorCode } from '../lib/errors';
import type { NestedNumbers } from '../lib/nested-lists';
import {
  bytesOf,
  createTypedArray,
  dtypeOf,
  firstNonFinite,
  formatShape,
  type Shape,
  sameShape,
  sizeOf,
  type TensorData,
  tensor,
} from '../lib/tensor';
import { error } from './support/errors';
import { codedOrResult, junk } from './support/junk';

describe('tensor', () => {
  test('joins data and shape, without copying the data', () => {
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    const { shape, data: kept } = tensor(data, [2, 3]);
    expect(shape).toEqual([2, 3]);
    expect(kept).toBe(data);
  });

  test('has a shape of its own', () => {
    const shape = [2];
    const made = tensor(new Float32Array(2), shape);
    shape[0] = 5;
    expect(made.shape).toEqual([2]);
  });

  test.each([
    [[], 1],
    [[0], 0],
    [[3, 0, 2], 0],
    [[2, 1, 3], 6],
  ])('of shape %j has %d elements', (shape, size) => {
    expect(sizeOf(shape)).toBe(size);
    expect(tensor(new Int32Array(size), shape).data).toHaveLength(size);
  });

  test.each([[[2, 2]], [[7]], [[]]])('does not make six elements a tensor of shape %j', (shape) => {
    expect(() => tensor(new Float32Array(6), shape)).toThrow(
      error('CUDA_GAN_SHAPE', `shape ${formatShape(shape)} holds ${sizeOf(shape)} elements, but the data has 6`),
    );
  });

  test.each<[unknown, string]>([
    [4, '4'],
    ['4', '"4"'],
    [null, 'null'],
    [[-2, -2], '[-2, -2]'],
    [[1.5], '[1.5]'],
    [[Number.NaN], '[NaN]'],
    [[4n], '[4n]'],
    [['4'], '["4"]'],
    [new Array(2), '[, ]'],
    [Int32Array.of(4), 'an Int32Array'],
  ])('does not take the shape %p', (shape, found) => {
    expect(() => tensor(new Float32Array(4), shape as Shape)).toThrow(
      error('CUDA_GAN_SHAPE', `shape is ${found}; wanted is a list of at most 32 whole numbers from 0 on`),
    );
  });
});

describe('without a shape, a tensor has that of its data', () => {
  test.each<[string, TensorData, Shape, Float32Array]>([
    ['a number', 7, [], Float32Array.of(7)],
    ['a list', [1, 2, 3], [3], Float32Array.of(1, 2, 3)],
    ['an empty list', [], [0], new Float32Array(0)],
    [
      'two lists of three',
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [2, 3],
      Float32Array.of(1, 2, 3, 4, 5, 6),
    ],
    ['empty lists', [[], []], [2, 0], new Float32Array(0)],
    ['columns', [[[1], [2]]], [1, 2, 1], Float32Array.of(1, 2)],
    ['a typed array', Float32Array.of(1, 2), [2], Float32Array.of(1, 2)],
  ])('%s', (_, data, shape, elements) => {
    expect(tensor(data)).toEqual({ shape, data: elements });
  });

  test('lists of any shape, which reads back', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 });
    const nested = (shape: Shape, next: () => number): NestedNumbers =>
      shape.length === 0 ? next() : Array.from({ length: shape[0]! }, () => nested(shape.slice(1), next));
    fc.assert(
      fc.property(shapes, (shape) => {
        let count = 0;
        const made = tensor(nested(shape, () => count++));
        expect(made).toEqual({ shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => i) });
      }),
    );
  });

  test('and lists may get another shape of as many elements', () => {
    expect(
      tensor(
        [
          [1, 2],
          [3, 4],
        ],
        [4, 1],
      ).shape,
    ).toEqual([4, 1]);
  });

  test.each<[string, unknown, ErrorCode, string]>([
    [
      'a shorter list',
      [
        [1, 2, 3],
        [4, 5],
      ],
      'CUDA_GAN_SHAPE',
      'data[1] is a list of 2, but data[0] is a list of 3: all',
    ],
    [
      'a longer list within',
      [
        [[1], [2]],
        [[3], [4]],
        [[5], [6, 7]],
      ],
      'CUDA_GAN_SHAPE',
      'data[2][1] is a list of 2, but data[0][0] is a list of 1: all',
    ],
    ['a number among lists', [[1], 2], 'CUDA_GAN_SHAPE', 'data[1] is 2, but data[0] is a list of 1: all must be alike'],
    ['a list among numbers', [1, [2, 3]], 'CUDA_GAN_DATA', 'data[1] is a list of 2; wanted is a number'],
    [
      'a text',
      [
        [1, 2],
        [3, '4'],
      ],
      'CUDA_GAN_DATA',
      'data[1][1] is "4"; wanted is a number',
    ],
    ['nothing', [1, undefined], 'CUDA_GAN_DATA', 'data[1] is undefined; wanted is a number'],
    ['a hole', Object.assign(new Array(2), { 0: 1 }), 'CUDA_GAN_DATA', 'data[1] is undefined; wanted is a number'],
    ['a BigInt', [1n], 'CUDA_GAN_DATA', 'data[0] is 1n; wanted is a number'],
    ['a typed array', [Uint8Array.of(1)], 'CUDA_GAN_DATA', 'data[0] is a Uint8Array; wanted is a number'],
  ])('but not lists with %s', (_, data, code, message) => {
    expect(() => tensor(data as TensorData)).toThrow(error(code, message));
  });

  test('and not a list that contains itself', () => {
    const endless: unknown[] = [];
    endless.push(endless);
    expect(() => tensor(endless as TensorData)).toThrow(error('CUDA_GAN_SHAPE', 'data is nested more than 32 deep'));
  });
});

describe('typed arrays', () => {
  test.each([Float32Array.of(1, 2), Int32Array.of(1, 2), Uint8Array.of(1, 2), Buffer.of(1, 2)])(
    'over ordinary memory are taken as they are: %p',
    (data) => {
      expect(tensor(data, [2]).data).toBe(data);
    },
  );

  test.each([
    [Float64Array.of(0.1, -2), Float32Array.of(0.1, -2)],
    [Int8Array.of(-128, 127), Int32Array.of(-128, 127)],
    [Int16Array.of(-32768, 7), Int32Array.of(-32768, 7)],
    [Uint16Array.of(65535, 7), Int32Array.of(65535, 7)],
    [Uint32Array.of(2 ** 31 - 1, 7), Int32Array.of(2 ** 31 - 1, 7)],
    [Uint8ClampedArray.of(255, 7), Uint8Array.of(255, 7)],
  ])('of other kinds are converted: %p', (data, wanted) => {
    expect(tensor(data, [2])).toEqual({ shape: [2], data: wanted });
  });

  test('with numbers beyond int32 are an error', () => {
    expect(() => tensor(Uint32Array.of(1, 2 ** 31))).toThrow(
      error('CUDA_GAN_DATA', 'data[1] is 2147483648; int32 ends at 2147483647'),
    );
  });

  const memory = new SharedArrayBuffer(8);
  test.each([new Float32Array(memory), new Int32Array(memory), new Uint8Array(memory)])(
    'over shared memory are copied: %p',
    (shared) => {
      shared[1] = 5;
      const { data } = tensor(shared.subarray(1, 2));
      shared[1] = 6;
      expect([...data]).toEqual([5]);
      expect(dtypeOf(data)).toBe(dtypeOf(shared));
    },
  );

  test('of Node over shared memory are copied too', () => {
    const shared = Buffer.from(new SharedArrayBuffer(2));
    const { data } = tensor(shared);
    shared[0] = 6;
    expect(data).toEqual(Uint8Array.of(0, 0));
  });

  test('of another realm are known by their kind', () => {
    for (const kind of ['Float32Array', 'Int32Array', 'Uint8Array']) {
      const foreign = runInNewContext(`${kind}.of(1, 2)`);
      expect(dtypeOf(foreign)).toBe(dtypeOf(tensor(foreign).data));
      expect(tensor(foreign).data).toBe(foreign);
    }
    expect(tensor(runInNewContext('Float64Array.of(1, 2)')).data).toEqual(Float32Array.of(1, 2));
    expect(tensor(runInNewContext('[[1], [2]]')).shape).toEqual([2, 1]);
    expect(tensor(runInNewContext('new Int32Array(new SharedArrayBuffer(4))')).data).toEqual(Int32Array.of(0));
  });

  test('of a class of its own are known too', () => {
    class Weights extends Float32Array {}
    expect(dtypeOf(new Weights(1))).toBe('float32');
    expect(firstNonFinite(Weights.of(1, Number.NaN))).toBe(1);
  });

  test('are finite where no element is NaN or infinite, however large', () => {
    expect(firstNonFinite(new Float32Array(19).fill(3.4e38))).toBe(-1);
    expect(firstNonFinite(Int32Array.of(1))).toBe(-1);
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (let place = 0; place < 19; place++) {
        expect(firstNonFinite(new Float32Array(19).fill(1).fill(wrong, place, 18))).toBe(place < 18 ? place : -1);
      }
    }
    expect(
      firstNonFinite(Float32Array.of(Number.POSITIVE_INFINITY, ...Array(6).fill(0), Number.NEGATIVE_INFINITY)),
    ).toBe(0);
  });

  test('for which there is no memory are an error', () => {
    expect(() => createTypedArray('float32', Number.MAX_SAFE_INTEGER)).toThrow(
      error('CUDA_GAN_NO_MEMORY', 'no memory for 9007199254740991 elements of float32'),
    );
  });
});

test.each<[unknown, string]>([
  [null, 'null'],
  [undefined, 'undefined'],
  ['12', '"12"'],
  [1n, '1n'],
  [{}, 'an object'],
  [new Map(), 'a Map'],
  [BigInt64Array.of(1n), 'a BigInt64Array'],
  [new ArrayBuffer(4), 'an ArrayBuffer'],
  [new DataView(new ArrayBuffer(4)), 'a DataView'],
])('%p is no data for a tensor', (data, found) => {
  expect(() => tensor(data as TensorData, [1])).toThrow(error('CUDA_GAN_DATA', `data is ${found}`));
});

test('whatever is given, tensor makes a tensor or throws a CudaGanError', () => {
  fc.assert(
    fc.property(junk, fc.option(junk, { nil: undefined }), (data, shape) => {
      const made = codedOrResult(() => tensor(data as TensorData, shape as Shape));
      if (made !== undefined) expect(made.data).toHaveLength(sizeOf(made.shape));
    }),
    { numRuns: 2000 },
  );
});

test('every element type has its array, and back', () => {
  for (const dtype of ['float32', 'int32', 'uint8'] as const) {
    const array = createTypedArray(dtype, 3);
    expect(dtypeOf(array)).toBe(dtype);
    expect(array.byteLength).toBe(bytesOf({ shape: [3], dtype }));
  }
  expect(dtypeOf(Buffer.alloc(1))).toBe('uint8');
});

test('shapes are the same when all their dimensions are', () => {
  const shapes = fc.array(fc.nat({ max: 3 }), { maxLength: 4 });
  fc.assert(
    fc.property(shapes, shapes, (a, b) => {
      expect(sameShape(a, b)).toBe(formatShape(a) === formatShape(b));
      expect(sameShape(a, [...a])).toBe(true);
    }),
  );
});
