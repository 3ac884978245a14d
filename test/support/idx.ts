// Files in the format of MNIST's.

/** Bytes of an IDX file, whose elements are 0 to 9 over and over. `missing` of them are left out at the end. */
export function idx(shape: readonly number[], { magic = 0x0800 | shape.length, missing = 0 } = {}): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  [magic, ...shape].forEach((word, i) => {
    header.writeUInt32BE(word, 4 * i);
  });
  const size = shape.reduce((product, dimension) => product * dimension, 1) - missing;
  return Buffer.concat([header, Buffer.from(Array.from({ length: size }, (_, i) => i % 10))]);
}
