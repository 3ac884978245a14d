// What callers without types may hand over, and the promise that it ends in nothing but errors with a code.
import fc from 'fast-check';
import { CudaGanError } from '../../lib/index';

const throws = () => {
  throw new TypeError('code of the value itself was called');
};
const cycle: unknown[] = [];
cycle.push(cycle);

const oddities: readonly unknown[] = [
  ...[undefined, null, true, false, '', 'relu', 'zeros', Symbol('odd'), 0n, 5n, 2n ** 80n, () => 1, class {}],
  ...[Number.NaN, Number.POSITIVE_INFINITY, -0, -1, 0.5, 1, 7, 1e300, 2 ** 32, 2 ** 53],
  ...[[], [[]], [0], [-1, -1], ['3'], [3n], [Symbol('odd')], [Object.create(null)], cycle, new Array(3), { length: 2 }],
  ...[{}, { name: 'zeros' }, { name: 'heNormal', config: 3 }, { name: Symbol('odd'), config: {} }, { create: 5 }],
  ...[{ toString: throws, valueOf: throws, [Symbol.toPrimitive]: throws }, Object.create(null), Object.freeze({})],
  ...[
    new Map([['units', 3]]),
    new Date(Number.NaN),
    /odd/,
    new Float32Array(2),
    new BigInt64Array(2),
    new Proxy([], {}),
    new Array(2 ** 27),
    new AbortController(),
  ],
];

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
});

const nearTensors = fc.record({
  shape: fc.oneof(anything, fc.array(fc.nat(4), { maxLength: 3 })),
  data: fc.oneof(anything, fc.float32Array({ maxLength: 4 }), fc.int32Array({ maxLength: 4 })),
});

/** Any value at all. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(fc.constantFrom(...oddities), anything, nearTensors);

/** Options of which each is missing, valid or junk, sometimes with one that does not exist; or junk in their place. */
export function junkOptions(valid: object): fc.Arbitrary<unknown> {
  const values = Object.entries(valid).map(
    ([name, value]) => [name, fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, junk)] as const,
  );
  const options = fc.record(Object.fromEntries(values), { requiredKeys: [] });
  const unknown = fc.dictionary(fc.string({ maxLength: 8 }), junk, { maxKeys: 1 });
  return fc.oneof(
    { weight: 4, arbitrary: options },
    { weight: 1, arbitrary: fc.tuple(options, unknown).map(([known, other]) => ({ ...known, ...other })) },
    { weight: 1, arbitrary: junk },
  );
}

/** Fails when `call` throws, or the promise it returns rejects, with anything but a CudaGanError. */
export async function onlyCodedErrors(call: () => unknown): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof CudaGanError) || !/^CUDA_GAN_(?!INTERNAL)/.test(error.code)) throw error;
  }
}

/** The call's result; undefined where it throws a CudaGanError. Other errors go on. */
export function codedOrResult<Result>(call: () => Result): Result | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof CudaGanError) return undefined;
    throw error;
  }
}
