// Values that no call should be given, and what calls may answer.
import fc from 'fast-check';
import { CudaGanError } from '../../lib/index';

const typedArrays = fc.oneof(
  fc.float32Array({ maxLength: 4 }),
  fc.float64Array({ maxLength: 4 }),
  fc.int32Array({ maxLength: 4 }),
  fc.uint8Array({ maxLength: 4 }),
  fc.uint32Array({ maxLength: 4 }),
  fc.bigInt64Array({ maxLength: 4 }),
);

/** Anything: numbers, texts, BigInts, symbols, functions, objects without a prototype, lists, typed arrays, near-tensors. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withSparseArray: true,
    withNullPrototype: true,
  }),
  fc.constantFrom<unknown>(Symbol('s'), () => 1, new Proxy({}, {}), new Array(2 ** 27), [2 ** 53, 2 ** 53], [4n], -0),
  fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 3 }),
  typedArrays,
  fc.record({
    shape: fc.oneof(fc.anything(), fc.array(fc.nat(4), { maxLength: 3 })),
    data: fc.oneof(fc.anything(), typedArrays),
  }),
);

/** The call's result; undefined where it throws a CudaGanError. Other errors go on. */
export function codedOrResult<Result>(call: () => Result): Result | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof CudaGanError) return undefined;
    throw error;
  }
}
