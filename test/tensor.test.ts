// Host tensors: data with a shape.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  bytesOf,
  createTypedArray,
  dtypeOf,
  formatShape,
  sameShape,
  sizeOf,
  type TypedArray,
  tensor,
} from '../lib/tensor';

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

  test.each([[[2, 2]], [[7]], [[]], [[-2, -3]], [[1.5, 4]], [[Number.NaN]]])(
    'does not make six elements a tensor of shape %j',
    (shape) => {
      expect(() => tensor(new Float32Array(6), shape)).toThrow(
        expect.objectContaining({
          code: 'CUDA_GAN_SHAPE',
          message: `shape ${formatShape(shape)} holds ${sizeOf(shape)} elements, but the data has 6`,
        }),
      );
    },
  );

  test.each([Float64Array.of(1), [1], Int8Array.of(1)])('does not take a %O', (data) => {
    expect(() => tensor(data as unknown as TypedArray, [1])).toThrow(
      expect.objectContaining({
        code: 'CUDA_GAN_DATA',
        message: expect.stringContaining('allowed are Float32Array, Int32Array and Uint8Array'),
      }),
    );
  });
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
