// NumPy's files: those that NumPy made are read, those that are written are NumPy's to the byte, and what is damaged or
// hostile is an error.
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeNpy, decodeNpz, loadNpy, loadNpz, saveNpy, saveNpz } from '../../lib/formats/npy';
import { zipParts } from '../../lib/formats/zip-writer';
import { dtypeOf, type Tensor, tensor } from '../../lib/tensor';
import { error } from '../support/errors';
import { junk, onlyCodedErrors } from '../support/junk';

/** What test/golden/make_npy.py wrote: files as base64. */
interface Golden {
  readonly read: Readonly<Record<string, { file: string; shape: number[]; values: (number | string)[] }>>;
  readonly refused: Readonly<Record<string, string>>;
  readonly npz: Readonly<Record<'stored' | 'compressed', string>>;
}
const golden: Golden = JSON.parse(readFileSync(join(__dirname, '../golden/numpy.json'), 'utf8'));
const { read } = golden;
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'npy-'));
});
afterAll(() => rm(folder, { recursive: true }));

const shapes = fc.array(fc.nat({ max: 4 }), { maxLength: 4 });
const someTensor: fc.Arbitrary<Tensor> = shapes.chain((shape) => {
  const length = shape.reduce((product, dimension) => product * dimension, 1);
  const exactly = { minLength: length, maxLength: length };
  return fc
    .oneof(fc.float32Array(exactly), fc.int32Array(exactly), fc.uint8Array(exactly))
    .map((data) => ({ shape, data }));
});

/** A file with this header, and zeros behind it. */
function npy(header: string, { bytes = 16, version = 1 } = {}): Uint8Array {
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(header.length, 0, length.length);
  const magic = Buffer.of(0x93, ...Buffer.from('NUMPY'), version, 0);
  return new Uint8Array(Buffer.concat([magic, length, Buffer.from(header, 'latin1'), Buffer.alloc(bytes)]));
}

describe('a file of NumPy', () => {
  test.each(Object.entries(read))('with %s is read to the last bit', async (_, { file, shape, values }) => {
    const found = await decodeNpy(bytesOf(file));
    expect(found.shape).toEqual(shape);
    expect(Array.from(found.data)).toEqual(
      values.map((value) =>
        value === 'inf' ? Number.POSITIVE_INFINITY : value === '-inf' ? Number.NEGATIVE_INFINITY : Number(value),
      ),
    );
  });

  test.each([
    ['uint8', 'uint8'],
    ['bool', 'uint8'],
    ['int8', 'int32'],
    ['uint16', 'int32'],
    ['int64', 'int32'],
    ['uint64', 'int32'],
    ['int32, big-endian', 'int32'],
    ['float16', 'float32'],
    ['float64', 'float32'],
    ['float64, big-endian', 'float32'],
  ])('with %s becomes %s', async (name, dtype) => {
    expect(dtypeOf((await decodeNpy(bytesOf(read[name]!.file))).data)).toBe(dtype);
  });

  test.each([
    [
      'float64 that would be rounded',
      'has the type float64, and its element 1, 0.1, is no float32 number: save it as float32, which rounds it',
    ],
    ['int64 beyond int32', 'has the type int64, and its element 1, 2147483648, is no int32 number'],
    ['uint32 beyond int32', 'has the type uint32, and its element 0, 4294967295, is no int32 number'],
    ['uint64 beyond int32', 'has the type uint64, and its element 0, 9223372036854776000, is no int32 number'],
    ['complex64', "has the type '<c8'; allowed are u1, b1, i1, i2"],
    ['text', "has the type '<U3'; allowed are"],
    ['records', "has the type [('x', '<f4'), ('y', '<i4', (2,))]; allowed are"],
    ['dates', "has the type '<M8[D]'; allowed are"],
  ] as const)('with %s is refused by name', async (name, message) => {
    await expect(decodeNpy(bytesOf(golden.refused[name]!), 'x.npy')).rejects.toThrow(
      error('CUDA_GAN_FILE', `x.npy ${message}`),
    );
  });

  test('is what is written, to the byte', async () => {
    const path = join(folder, 'same.npy');
    for (const name of ['uint8', 'int32', 'float32', 'one dimension', 'no elements', 'a scalar']) {
      const { file } = read[name]!;
      await saveNpy(path, await decodeNpy(bytesOf(file)));
      expect(new Uint8Array(await readFile(path))).toEqual(bytesOf(file));
    }
  });

  test('of more elements than are converted at once is read whole', async () => {
    const path = join(folder, 'long.npy');
    const values = Int32Array.from({ length: 300_001 }, (_, i) => i * 7);
    const header = `{'descr': '<i8', 'fortran_order': False, 'shape': (${values.length},), }`;
    const bytes = Buffer.from(npy(header, { bytes: 8 * values.length }));
    values.forEach((value, i) => {
      bytes.writeInt32LE(value, bytes.length - 8 * (values.length - i));
    });
    await writeFile(path, bytes);
    const { shape, data } = await loadNpy(path);
    expect(shape).toEqual([values.length]);
    expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(values.buffer))).toBe(0);
  });
});

describe('an array', () => {
  test('comes back as it was saved', async () => {
    const path = join(folder, 'back.npy');
    await fc.assert(
      fc.asyncProperty(someTensor, async (given) => {
        await saveNpy(path, given);
        expect(await loadNpy(path)).toEqual(given);
      }),
      { numRuns: 40 },
    );
  });

  test('is saved as it is at the moment of the call', async () => {
    const [path, archive] = [join(folder, 'moment.npy'), join(folder, 'moment.npz')];
    const data = Float32Array.of(1, 2);
    const saved = [saveNpy(path, tensor(data)), saveNpz(archive, new Map([['x', tensor(data)]]))];
    data.fill(0);
    await Promise.all(saved);
    expect((await loadNpy(path)).data).toEqual(Float32Array.of(1, 2));
    expect((await loadNpz(archive)).get('x')!.data).toEqual(Float32Array.of(1, 2));
  });

  test('that is none is an error, and leaves an earlier file', async () => {
    const path = join(folder, 'earlier.npy');
    await saveNpy(path, tensor([1]));
    await expect(saveNpy(path, [1] as never)).rejects.toThrow(error('CUDA_GAN_DATA', 'the array is not a tensor'));
    expect((await loadNpy(path)).data).toEqual(Float32Array.of(1));
  });

  test('in a file that is missing is an error', async () => {
    await expect(loadNpy(join(folder, 'none.npy'))).rejects.toThrow(error('CUDA_GAN_FILE', 'no such file or folder'));
    await expect(loadNpz(join(folder, 'none.npz'))).rejects.toThrow(error('CUDA_GAN_FILE', 'no such file or folder'));
  });
});

describe('a damaged file', () => {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }";

  test('is read, where it is none', async () => {
    expect((await decodeNpy(npy(header))).shape).toEqual([2, 2]);
    const spaced = '{"shape" : ( 2L,\n2L ), "fortran_order":True,"descr":"=f4"}   \n';
    expect((await decodeNpy(npy(spaced))).shape).toEqual([2, 2]);
  });

  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'it does not begin with \\x93NUMPY'],
    ['something else', Buffer.from('PK\x03\x04 and so on'), 'it does not begin with \\x93NUMPY'],
    ['a begin alone', npy(header).subarray(0, 8), 'it has only 8 bytes'],
    ['version 4', npy(header, { version: 4 }), 'its version is 4; allowed are 1, 2 and 3'],
    ['a header that is cut off', npy(header).subarray(0, 40), 'its header should have 59 bytes, but the file has 40'],
    ['a header without end', npy(' '.repeat(70000), { version: 2 }), 'its header should have 70000 bytes'],
    ['data that is cut off', npy(header, { bytes: 15 }), 'an array of shape (2, 2) has 16 bytes; 15 are there'],
    ['data that is too long', npy(header, { bytes: 17 }), 'an array of shape (2, 2) has 16 bytes; 17 are there'],
    ['no dictionary', npy('descr'), 'its header is no dictionary of descr, fortran_order and shape'],
    ['an empty dictionary', npy('{}'), 'its header is no dictionary'],
    ['half a dictionary', npy(header.slice(0, -2)), 'its header is no dictionary'],
    ['code in the header', npy("{'descr': __import__('os')}"), 'its header is no dictionary'],
    [
      'a dictionary without a shape',
      npy("{'descr': '<f4', 'fortran_order': False}"),
      'its header has descr, fortran_order; wanted',
    ],
    [
      'an order that is neither',
      npy(header.replace('False', "'C'")),
      'its header has descr, fortran_order, shape; wanted',
    ],
    ['a negative dimension', npy(header.replace('(2, 2)', '(-2, 2)')), 'its header is no dictionary'],
    ['a shape with a hole', npy(header.replace('(2, 2)', '(2,, 2)')), 'its shape is (2,, 2); wanted are'],
    [
      'a shape beyond all bounds',
      npy(header.replace('(2, 2)', '(9007199254740993, 2)')),
      'its shape is (9007199254740993, 2)',
    ],
    [
      'a product beyond all bounds',
      npy(header.replace('(2, 2)', '(4294967296, 4294967296)')),
      'an array of shape (4294967296, 4294967296) has',
    ],
    ['too many dimensions', npy(header.replace('(2, 2)', `(${'1, '.repeat(33)})`)), 'its shape is (1, 1, 1, 1'],
  ])('with %s is an error', async (_, bytes, message) => {
    await expect(decodeNpy(bytes, 'x.npy')).rejects.toThrow(
      error('CUDA_GAN_FILE', `x.npy is not a .npy file: ${message}`),
    );
  });

  test('in any way is nothing but an error with a code', async () => {
    const file = bytesOf(read.float32!.file);
    const changes = fc.array(fc.tuple(fc.nat({ max: 127 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(changes, fc.nat({ max: file.length }), async (changed, length) => {
        const damaged = file.slice(0, length);
        for (const [at, value] of changed) damaged[at] = value;
        await onlyCodedErrors(() => decodeNpy(damaged));
      }),
      { numRuns: 500 },
    );
  });
});

describe('an archive', () => {
  test('must hold an array, and may hold other things beside', async () => {
    const archive = async (...names: readonly string[]) => {
      const members = names.map((name) => ({
        name,
        parts: [npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }")],
      }));
      return new Uint8Array(Buffer.concat(await zipParts(members, false)));
    };
    await expect(decodeNpz(await archive('notes.txt', 'more.txt'), 'x.npz')).rejects.toThrow(
      error('CUDA_GAN_FILE', 'x.npz holds no arrays: none of its 2 members, such as "notes.txt", ends in .npy'),
    );
    expect([...(await decodeNpz(await archive('notes.txt', 'x.npy'))).keys()]).toEqual(['x']);
    expect((await decodeNpz(await archive())).size).toBe(0);
  });

  test.each(['stored', 'compressed'] as const)('that NumPy made, %s, is read', async (kind) => {
    const arrays = await decodeNpz(bytesOf(golden.npz[kind]));
    expect([...arrays.keys()]).toEqual(['x', 'y', 'ä/b']);
    expect(arrays.get('x')).toEqual({ shape: [2, 3], data: Uint8Array.of(0, 1, 2, 3, 4, 5) });
    expect(arrays.get('y')).toEqual({ shape: [2], data: Int32Array.of(3, 4) });
    expect(arrays.get('ä/b')!.shape).toEqual([2, 3, 4]);
  });

  test('comes back as it was saved, compressed or not', async () => {
    const path = join(folder, 'back.npz');
    const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    const maps = fc.array(fc.tuple(names, someTensor), { maxLength: 4 }).map((entries) => new Map(entries));
    await fc.assert(
      fc.asyncProperty(maps, fc.boolean(), async (tensors, compress) => {
        await saveNpz(path, tensors, { compress });
        expect(await loadNpz(path)).toEqual(tensors);
      }),
      { numRuns: 40 },
    );
  });

  test('is smaller when compressed, and the same bytes at any time', async () => {
    const path = join(folder, 'small.npz');
    const zeros = new Map([['zeros', tensor(new Float32Array(10000))]]);
    await saveNpz(path, zeros);
    const stored = await readFile(path);
    await saveNpz(path, zeros, { compress: true });
    expect((await readFile(path)).length).toBeLessThan(stored.length / 20);
    await saveNpz(path, zeros);
    expect(await readFile(path)).toEqual(stored);
  });

  test('names what cannot be saved', async () => {
    const path = join(folder, 'refused.npz');
    await expect(saveNpz(path, { x: tensor([1]) } as never)).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'tensors is an object; wanted is a Map of tensors by name'),
    );
    await expect(saveNpz(path, new Map([['', tensor([1])]]))).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'a tensor is called ""; wanted are texts of 1 to 1000 bytes'),
    );
    await expect(saveNpz(path, new Map([['x', 3 as never]]))).rejects.toThrow(
      error('CUDA_GAN_DATA', 'tensor "x" is not'),
    );
  });

  test('answers junk with nothing but errors that have a code', async () => {
    const path = join(folder, 'junk.npz');
    await fc.assert(fc.asyncProperty(junk, (value) => onlyCodedErrors(() => saveNpz(path, value as never))));
    await fc.assert(
      fc.asyncProperty(junk, junk, (name, value) =>
        onlyCodedErrors(() => saveNpz(path, new Map([[name, value]]) as never)),
      ),
    );
  });

  test('names the member that is damaged', async () => {
    const path = join(folder, 'members.npz');
    await saveNpz(path, new Map([['x', tensor([1, 2])]]));
    const bytes = new Uint8Array(await readFile(path));
    const at = Buffer.from(bytes).indexOf("'<f4'");
    const damaged = bytes.slice();
    damaged[at + 1] = 0x7c;
    await expect(decodeNpz(damaged, 'a.npz')).rejects.toThrow(
      error('CUDA_GAN_FILE', 'the checksum of "x.npy" is wrong'),
    );
  });
});
