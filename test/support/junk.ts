// Values that no call wants, and the check that a call answers them by an error with a code, if by any.
import { expect } from '@jest/globals';
import fc from 'fast-check';
import { CudaGanError } from '../../lib/index';

/** Anything: from undefined to objects that throw when they are looked at. */
export const junk = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    1.5,
    2 ** 53,
    10n,
    Symbol('junk'),
    () => 1,
    new Date(0),
    new Map(),
    new ArrayBuffer(8),
    new AbortController(),
    Object.create(null),
    new Proxy({}, { get: () => undefined }),
  ),
  fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true, maxDepth: 2 }),
);

/** Waits for the call; it may answer, or fail with a CudaGanError. Anything else fails the test. */
export async function expectCoded(call: () => unknown): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof CudaGanError)) throw error;
    expect(error.code).toMatch(/^CUDA_GAN_/);
    expect(error.code).not.toBe('CUDA_GAN_INTERNAL');
  }
}
