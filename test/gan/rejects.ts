// Expects a CudaGanError with a code and a message.
import { expect } from '@jest/globals';
import { CudaGanError, type ErrorCode } from '../../lib/index';

/** Fails unless `call` throws, or the promise it returns rejects, as said; a text must be the whole message. */
export async function expectError(call: () => unknown, code: ErrorCode, message: string | RegExp): Promise<void> {
  const found = await errorOf(call);
  expect(found).toBeInstanceOf(CudaGanError);
  expect(found).toMatchObject({
    code,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });
}

async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}
