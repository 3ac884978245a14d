// How tests state which error a call ends in.
import { expect } from '@jest/globals';
import type { ErrorCode } from '../../lib/index';

/** Matches a CudaGanError with this code and a message that contains `part`. */
export const error = (code: ErrorCode, part: string): Error =>
  expect.objectContaining({ name: 'CudaGanError', code, message: expect.stringContaining(part) }) as unknown as Error;
