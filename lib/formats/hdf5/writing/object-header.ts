// Object headers of version 1 (section IV.A.1.a).
import { CudaGanError } from '../../../errors.js';
import type { Shape } from '../../../tensor.js';
import { fields } from '../../little-endian.js';
import { messageTypes } from '../object-header.js';

export interface NewMessage {
  readonly type: keyof typeof messageTypes;
  readonly bytes: Uint8Array;
}

/** A multiple of eight that fits into 16 bits. */
export const maxMessageBytes = 2 ** 16 - 8;
const maxMessages = 2 ** 16 - 1;

/** `name` is that of the object, for errors. */
export function encodeHeader(messages: readonly NewMessage[], name: string): Uint8Array {
  if (messages.length > maxMessages) {
    throw new CudaGanError('CUDA_GAN_VALUE', `${name} has ${messages.length} attributes; allowed are at most 65000`);
  }
  const body = Buffer.concat(messages.flatMap(({ type, bytes }) => encodeMessage(messageTypes[type], bytes)));
  const prefix = fields([
    [1, 1],
    [1, 0],
    [2, messages.length],
    [4, 1], // link that leads here
    [4, body.length],
    [4, 0],
  ]);
  return Buffer.concat([prefix, body]);
}

function encodeMessage(type: number, bytes: Uint8Array): Uint8Array[] {
  const gap = -bytes.length & 7;
  const head = fields([
    [2, type],
    [2, bytes.length + gap],
    [4, 0],
  ]);
  return [head, bytes, new Uint8Array(gap)];
}

/** Section IV.A.2.b; `[]` is a scalar. */
export function encodeDataspace(shape: Shape): Uint8Array {
  return fields([[1, 1], [1, shape.length], [2, 0], [4, 0], ...shape.map((dimension) => [8, dimension] as const)]);
}
