// The safetensors format: what is written can be read again, and what is damaged is not.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ErrorCode } from '../../lib/errors';
import {
  decodeSafetensors,
  encodeSafetensors,
  loadMetadata,
  loadSafetensors,
  saveSafetensors,
} from '../../lib/formats/safetensors';
import { type Tensor, tensor } from '../../lib/tensor';
import { error } from '../support/errors';
import { codedOrResult, junk } from '../support/junk';
import { testOnLinux } from '../support/platform';

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

  test('is the same saved as encoded, and the same loaded as decoded', async () => {
    const path = join(folder, 'any.safetensors');
    await fc.assert(
      fc.asyncProperty(tensorMaps, metadatas, async (tensors, metadata) => {
        await saveSafetensors(path, tensors, metadata);
        expect(new Uint8Array(await readFile(path))).toEqual(encodeSafetensors(tensors, metadata));
        expect(await loadSafetensors(path)).toEqual({ tensors, metadata });
        expect(await loadMetadata(path)).toEqual(metadata);
      }),
      { numRuns: 20 },
    );
  });

  test('has what the tensors held when it was saved', async () => {
    const path = join(folder, 'changed.safetensors');
    const changed = tensor(Float32Array.of(1, 2));
    const saved = saveSafetensors(path, new Map([['w', changed]]));
    changed.data.fill(0);
    await saved;
    expect((await loadSafetensors(path)).tensors.get('w')!.data).toEqual(Float32Array.of(1, 2));
  });

  test('may hold tensors of another realm, over shared memory, of other types of numbers, and NaN', () => {
    const { tensors } = decodeSafetensors(
      encodeSafetensors(
        new Map<string, Tensor>([
          ['foreign', { shape: [1], data: runInNewContext('Int32Array.of(3)') }],
          ['shared', { shape: [1], data: new Uint8Array(new SharedArrayBuffer(1)) }],
          ['precise', { shape: [1], data: Float64Array.of(Number.NaN) as unknown as Float32Array }],
        ]),
      ),
    );
    expect([...tensors.values()].map(({ data }) => data)).toEqual([
      Int32Array.of(3),
      Uint8Array.of(0),
      Float32Array.of(Number.NaN),
    ]);
    const shared = new Uint8Array(new SharedArrayBuffer(200));
    const bytes = encodeSafetensors(new Map([['w', tensor([7])]]));
    shared.set(bytes);
    expect(decodeSafetensors(shared.subarray(0, bytes.length)).tensors.get('w')).toEqual(tensor([7]));
  });

  testOnLinux('can be loaded from a pipe (Linux: mkfifo)', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const tensors = new Map([['w', tensor([1, 2])]]);
    const [loaded] = await Promise.all([loadSafetensors(path), writeFile(path, encodeSafetensors(tensors))]);
    expect(loaded.tensors).toEqual(tensors);
  });
});

describe("what is no file's content", () => {
  const good = tensor([1]);

  test.each<[string, unknown, unknown, ErrorCode, string]>([
    ['no Map', { w: good }, {}, 'CUDA_GAN_VALUE', 'tensors is an object; wanted is a Map of tensors by name'],
    [
      'a name that is no text',
      new Map([[7, good]]),
      {},
      'CUDA_GAN_VALUE',
      'a tensor is called 7; wanted are other texts',
    ],
    [
      "the metadata's name",
      new Map([['__metadata__', good]]),
      {},
      'CUDA_GAN_VALUE',
      'a tensor is called "__metadata__"; wanted are other texts',
    ],
    ['no tensor', new Map([['w', [1]]]), {}, 'CUDA_GAN_DATA', 'tensor "w" is not a tensor; make one by tensor('],
    [
      'a shape that does not fit',
      new Map([['w', { ...good, shape: [2] }]]),
      {},
      'CUDA_GAN_SHAPE',
      'shape [2] holds 2 elements, but the data has 1',
    ],
    ['metadata of numbers', new Map(), { step: 7 }, 'CUDA_GAN_VALUE', 'metadata is an object; wanted is a record of'],
    ['no metadata', new Map(), null, 'CUDA_GAN_VALUE', 'metadata is null; wanted is a record of texts'],
  ])('%s is an error', async (_, tensors, metadata, code, message) => {
    const args = [tensors, metadata] as Parameters<typeof encodeSafetensors>;
    expect(() => encodeSafetensors(...args)).toThrow(error(code, message));
    await expect(saveSafetensors(join(folder, 'never'), ...args)).rejects.toThrow(error(code, message));
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });

  test.each<unknown>([null, 'text', 7n, [1, 2], new ArrayBuffer(8), Float32Array.of(1)])('bytes are no %p', (bytes) => {
    expect(() => decodeSafetensors(bytes as Uint8Array)).toThrow(
      error('CUDA_GAN_VALUE', 'wanted are a Uint8Array and a text that names it'),
    );
  });

  test('nor any junk, which never fails in another way', async () => {
    const maps = fc.array(fc.tuple(junk, junk)).map((entries) => new Map(entries));
    const noPath = junk.filter((value) => typeof value !== 'string');
    await fc.assert(
      fc.asyncProperty(fc.oneof(junk, maps), junk, noPath, async (first, second, path) => {
        codedOrResult(() => encodeSafetensors(first as Map<string, Tensor>, second as Record<string, string>));
        codedOrResult(() => decodeSafetensors(first as Uint8Array, second as string));
        const coded = expect.objectContaining({ name: 'CudaGanError' });
        await expect(saveSafetensors(path as string, first as Map<string, Tensor>)).rejects.toEqual(coded);
        await expect(loadSafetensors(path as string)).rejects.toEqual(coded);
      }),
      { numRuns: 500 },
    );
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
    [
      'of another type',
      fileOf({ a: { ...entry, dtype: 'C64' } }, four),
      'has the type C64; allowed are F32, I32, U8, F64,',
    ],
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
