// Writes the numbers of binary formats.

export type Field = readonly [bytes: 1 | 2 | 4 | 8, value: number];

/** Little-endian numbers, one behind the other. */
export function fields(values: readonly Field[]): Uint8Array {
  return Buffer.concat(
    values.map(([bytes, value]) => {
      const field = Buffer.alloc(bytes);
      if (bytes === 8) field.writeBigInt64LE(BigInt(value));
      else field.writeUIntLE(value >>> 0, 0, bytes);
      return field;
    }),
  );
}
