// The safetensors format: what is written can be read again, and what is damaged is not.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeSafetensors, encodeSafetensors, loadSafetensors, saveSafetensors } from '../../lib/formats/safetensors';
import { type Tensor, tensor } from '../../lib/tensor';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safetensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

const shapes = fc.array(fc.nat({ max: 4 }), { maxLength: 3 });
const someTensor: fc.Arbitrary<Tensor> = shapes.chain((shape) => {
  const length = shape.reduce((product, dimension) => product * dimension, 1);
  const exactly = { minLength: length, maxLength: length };
  return fc
    .oneof(fc.float32Array(exactly), fc.int32Array(exactly), fc.uint8Array(exactly))
    .map((data) => ({ shape, data }));
});
/** Any text is a name, but for the one that the format keeps for itself, and that which JavaScript does. */
const names = fc.string({ unit: 'grapheme' }).filter((name) => !['__metadata__', '__proto__'].includes(name));
const tensorMaps = fc.array(fc.tuple(names, someTensor)).map((entries) => new Map(entries));
const metadatas = fc.dictionary(names, fc.string({ unit: 'grapheme' }), { noNullPrototype: true });

describe('a file', () => {
  test('gives back the tensors and the metadata that went in', () => {
    fc.assert(
      fc.property(tensorMaps, metadatas, (tensors, metadata) => {
        const decoded = decodeSafetensors(encodeSafetensors(tensors, metadata));
        expect(decoded).toEqual({ tensors, metadata });
      }),
    );
  });

  test('keeps the order of the tensors', () => {
    const tensors = new Map(['b', 'c', 'a'].map((name) => [name, tensor(Float32Array.of(1), [1])] as const));
    expect([...decodeSafetensors(encodeSafetensors(tensors)).tensors.keys()]).toEqual(['b', 'c', 'a']);
  });

  test('is what the format says: length, JSON header, little-endian data', () => {
    const bytes = encodeSafetensors(new Map([['w', tensor(Float32Array.of(1, -2), [2, 1])]]), { format: 'pt' });
    const headerBytes = Number(Buffer.from(bytes).readBigUInt64LE(0));
    expect(headerBytes % 8).toBe(0);
    expect(JSON.parse(Buffer.from(bytes.subarray(8, 8 + headerBytes)).toString())).toEqual({
      __metadata__: { format: 'pt' },
      w: { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] },
    });
    expect([...bytes.subarray(8 + headerBytes)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  test('can be read wherever its bytes are in memory', () => {
    const tensors = new Map([['w', tensor(Float32Array.of(1, 2, 3), [3])]]);
    const bytes = encodeSafetensors(tensors);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeSafetensors(shifted.subarray(3)).tensors).toEqual(tensors);
  });

  test('has tensors that are no views of the bytes', () => {
    const bytes = encodeSafetensors(new Map([['w', tensor(Float32Array.of(1), [1])]]));
    const { tensors } = decodeSafetensors(bytes);
    bytes.fill(0);
    expect(tensors.get('w')!.data).toEqual(Float32Array.of(1));
  });

  test('can be saved and loaded', async () => {
    const path = join(folder, 'model.safetensors');
    const tensors = new Map([['w', tensor(Int32Array.of(4, 5), [2])]]);
    await saveSafetensors(path, tensors, { step: '7' });
    expect(await loadSafetensors(path)).toEqual({ tensors, metadata: { step: '7' } });
  });
});

/** A file with this header and data. */
function fileOf(header: unknown, data: readonly number[] = []): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.from(data)]);
}

const four = [0, 0, 0, 0];
const entry = { dtype: 'U8', shape: [4], data_offsets: [0, 4] };

describe('a damaged file', () => {
  test('that is cut off anywhere is an error', () => {
    const bytes = encodeSafetensors(
      new Map<string, Tensor>([
        ['a', tensor(Float32Array.of(1, 2), [2])],
        ['b', tensor(Uint8Array.of(3, 4, 5), [3])],
      ]),
    );
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length), 'x.safetensors')).toThrow(
        expect.objectContaining({
          code: 'CUDA_GAN_FILE',
          message: expect.stringContaining('x.safetensors is not a safetensors file: '),
        }),
      );
    }
  });

  test.each([
    ['with a header longer than the file', Buffer.alloc(8, 0xff), 'its header should have 18446744073709552000 bytes'],
    ['with a header that is no JSON', fileOf('{"a":'), 'its header is not JSON'],
    ['with a header that is no UTF-8', Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0xff]), 'its header is not JSON'],
    ['with a header that is no object', fileOf([entry], four), 'its header is not a JSON object'],
    [
      'with metadata that is no text',
      fileOf({ __metadata__: { step: 7 } }),
      'its __metadata__ is not a record of texts',
    ],
    ['with an entry that is null', fileOf({ a: null }), 'the entry "a" is not a tensor\'s'],
    [
      'with an entry without shape',
      fileOf({ a: { ...entry, shape: undefined } }, four),
      'the entry "a" is not a tensor\'s',
    ],
    ['with a negative dimension', fileOf({ a: { ...entry, shape: [-4] } }, four), 'the entry "a" is not a tensor\'s'],
    [
      'with three offsets',
      fileOf({ a: { ...entry, data_offsets: [0, 4, 4] } }, four),
      'the entry "a" is not a tensor\'s',
    ],
    ['of another type', fileOf({ a: { ...entry, dtype: 'F16' } }, four), 'has the type F16; allowed are F32, I32, U8'],
    [
      'with a shape of another size',
      fileOf({ a: { ...entry, shape: [5] } }, four),
      'of shape [5] does not fit its bytes 0 to 4',
    ],
    [
      'with tensors that overlap',
      fileOf({ a: entry, b: { dtype: 'U8', shape: [4], data_offsets: [2, 6] } }, [...four, 0, 0]),
      'tensor "b" of shape [4] does not fit its bytes 2 to 6',
    ],
    [
      'with a gap between tensors',
      fileOf({ a: entry, b: { dtype: 'U8', shape: [1], data_offsets: [5, 6] } }, [...four, 0, 0]),
      'tensor "b" of shape [1] does not fit its bytes 5 to 6',
    ],
    ['with too little data', fileOf({ a: entry }, [0, 0]), 'it is truncated: 2 of at least 4 data bytes are there'],
    ['with more behind', fileOf({ a: entry }, [...four, 1, 2, 3]), '3 bytes at its end belong to no tensor'],
  ])('%s is an error that says so', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(
      expect.objectContaining({ code: 'CUDA_GAN_FILE', message: expect.stringContaining(message) }),
    );
  });

  test('never fails in another way, whatever byte is wrong', () => {
    const bytes = encodeSafetensors(new Map([['a', tensor(Float32Array.of(1, 2), [2])]]), { key: 'text' });
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const changed = bytes.slice();
        changed[at] = value;
        try {
          decodeSafetensors(changed);
        } catch (error) {
          expect(error).toMatchObject({ code: 'CUDA_GAN_FILE' });
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('is named in the error', async () => {
    const path = join(folder, 'broken.safetensors');
    await writeFile(path, (await readFile(__filename)).subarray(0, 100));
    await expect(loadSafetensors(path)).rejects.toMatchObject({
      code: 'CUDA_GAN_FILE',
      message: expect.stringContaining(`${path} is not a safetensors file`),
    });
  });

  test('that is missing is an error too', async () => {
    const path = join(folder, 'nothing.safetensors');
    await expect(loadSafetensors(path)).rejects.toMatchObject({
      code: 'CUDA_GAN_FILE',
      message: `cannot read ${path}: no such file or folder`,
    });
  });
});
