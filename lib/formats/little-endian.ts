// Writes the numbers of binary formats.

export type Field = readonly [bytes: 1 | 2 | 4 | 8, value: number];

/** Little-endian numbers, one behind the other. */
export function fields(values: readonly Field[]): Uint8Array {
  const result = Buffer.alloc(values.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of values) {
    if (bytes === 8) result.writeBigInt64LE(BigInt(value), at);
    else result.writeUIntLE(value >>> 0, at, bytes);
    at += bytes;
  }
  return result;
}
