// HDF5 files that are damaged or hostile: nothing but an error with a code, in bounded time and memory.
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { hdf5Parts, type NewAttribute, type NewDataset } from '../../../lib/formats/hdf5/index';
import { Metadata } from '../../../lib/formats/hdf5/metadata';
import { tensor } from '../../../lib/tensor';
import { error } from '../../support/errors';
import { readAll, readableFile } from '../../support/hdf5';
import { onlyCodedErrors } from '../../support/junk';

/** A file of our own with these members of the root, and its attributes. */
function fileOf(
  members: Readonly<Record<string, NewDataset>>,
  attributes: Readonly<Record<string, NewAttribute>> = {},
): Buffer {
  const entries = { members: new Map(Object.entries(members)), attributes: new Map(Object.entries(attributes)) };
  return Buffer.concat(hdf5Parts({ kind: 'group', ...entries }));
}
const zeros = (length: number): NewDataset => ({ kind: 'dataset', tensor: tensor(new Float32Array(length)) });

/** The begin of the first message of a type, whose bytes are behind a head of eight. */
function messageAt(file: Buffer, type: number, begin: number): number {
  for (let at = begin; at < file.length; at += 8 + file.readUInt16LE(at + 2)) {
    if (file.readUInt16LE(at) === type) return at;
  }
  throw new Error(`no message of type ${type}`);
}
const [dataspace, layout, attribute, continuation] = [0x01, 0x08, 0x0c, 0x10];
const rootHeader = (file: Buffer) => Number(file.readBigUInt64LE(64));
/** The headers of members in the order of their names; a node of the symbol table has up to eight. */
const memberHeader = (file: Buffer, number: number) => {
  return Number(file.readBigUInt64LE(file.indexOf('SNOD') + 8 + 40 * number + 8));
};
const putAddress = (file: Buffer, address: number, at: number) => file.writeBigUInt64LE(BigInt(address), at);

/** Small files that have all structures between them. */
const files = ['assorted, earliest', 'assorted, latest', 'attributes, latest'].map(readableFile);

const change = fc.record({ at: fc.nat(), value: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)) });
const damagedFile = fc
  .tuple(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 4 }))
  .map(([file, changes]) => {
    const damaged = file.slice();
    for (const { at, value } of changes) damaged[at % file.length] = value;
    return damaged;
  });

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a file that is damaged', () => {
  test.each(['links, latest', 'compact, earliest', 'compact, latest'])(
    'by being cut off anywhere is an error: %s',
    async (name) => {
      const file = readableFile(name);
      for (let length = 0; length < file.length; length++) {
        await expect(readAll(file.subarray(0, length))).rejects.toThrow(error('CUDA_GAN_FILE', 'x.h5'));
      }
    },
  );

  const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const numRuns = 150;

  test.each(seeds)('anywhere is read or an error with a code (%d)', async (seed) => {
    const ends = { read: 0, refused: 0 };
    const property = fc.asyncProperty(damagedFile, (file) =>
      onlyCodedErrors(async () => {
        ends.refused++;
        await readAll(file);
        ends.refused--;
        ends.read++;
      }),
    );
    await fc.assert(property, { numRuns, seed });
    expect(Math.min(ends.read, ends.refused)).toBeGreaterThan(numRuns / 20);
  });

  test.each(seeds)('by who knows the checksums is no better (%d)', async (seed) => {
    jest.spyOn(Metadata.prototype, 'requireChecksum').mockImplementation(() => undefined);
    const property = fc.asyncProperty(damagedFile, (file) => onlyCodedErrors(() => readAll(file)));
    await fc.assert(property, { numRuns, seed: -seed });
  });

  test.each<[string, string, string, number]>([
    ['an object header', 'links, latest', 'OHDR', 20],
    ['a node of a B-tree', 'attributes, latest', 'BTLF', 8],
    ['a direct block of a fractal heap', 'attributes, latest', 'FHDB', 40],
    ['the data of a fixed array', 'chunks, latest', 'FADB', 16],
    ['the index block of an extensible array', 'chunks, latest', 'EAIB', 16],
  ])('in %s does not have its checksum', async (what, name, signature, offset) => {
    const file = Buffer.from(readableFile(name));
    file[file.indexOf(signature) + offset]! ^= 1;
    await expect(readAll(file)).rejects.toThrow(error('CUDA_GAN_FILE', `${what} has a wrong checksum`));
  });
});

describe('a file that is hostile:', () => {
  test('a header that goes on in itself', async () => {
    const file = fileOf({}, { x: 'a text that is longer than an address and a length' });
    const header = rootHeader(file);
    const at = messageAt(file, attribute, header + 16);
    file.writeUInt16LE(continuation, at);
    putAddress(file, at, at + 8);
    putAddress(file, file.length - at, at + 16);
    await expect(readAll(file)).rejects.toThrow(
      error('CUDA_GAN_FILE', 'its structures share bytes, or lead in a circle'),
    );
  });

  test('a B-tree that has itself for a child', async () => {
    const file = fileOf({ x: zeros(1) });
    const tree = file.indexOf('TREE');
    file.writeUInt8(1, tree + 5); // level
    putAddress(file, tree, tree + 32);
    await expect(readAll(file)).rejects.toThrow(
      error('CUDA_GAN_FILE', 'a node of a B-tree is of level 1; wanted is 0'),
    );
  });

  test('many texts that are one', async () => {
    const long = 'x'.repeat(60_000);
    const file = fileOf({}, { x: { variableText: [long, ...new Array<string>(4000).fill('y')] } });
    const [head, name, type, shape] = [9, 2, 20, 16];
    const data = messageAt(file, attribute, rootHeader(file) + 16) + 8 + head + name + type + shape;
    const first = file.subarray(data, data + 16);
    expect(first.readUInt32LE(0)).toBe(60_000);
    for (let i = 1; i <= 4000; i++) file.set(first, data + 16 * i);
    await expect(readAll(file)).rejects.toThrow(error('CUDA_GAN_FILE', 'its structures share bytes'));
  });

  test('many datasets with the same elements', async () => {
    const file = fileOf({ a: zeros(1000), b: zeros(10), c: zeros(10) });
    const [a, ...others] = [0, 1, 2].map((number) => memberHeader(file, number) + 16);
    const [shape, place] = [dataspace, layout].map((type) => messageAt(file, type, a!));
    for (const other of others) {
      file.copy(file, messageAt(file, dataspace, other), shape, shape! + 24);
      file.copy(file, messageAt(file, layout, other), place, place! + 32);
    }
    await expect(readAll(file)).rejects.toThrow(
      error('CUDA_GAN_FILE', 'its datasets up to "/b" have more bytes than the file'),
    );
  });

  test.each([
    [2 ** 20, 'its datasets up to "/a" have more bytes than the file'],
    [2 ** 53, 'its datasets up to "/a" have more bytes than the file'],
  ])('a dataset of %d elements that are not there', async (count, message) => {
    const file = fileOf({ a: zeros(10) });
    putAddress(file, count, messageAt(file, dataspace, memberHeader(file, 0) + 16) + 8 + 8);
    await expect(readAll(file)).rejects.toThrow(error('CUDA_GAN_FILE', message));
  });

  test('a dataset that was never written, of more elements than a file can tell of', async () => {
    const file = fileOf({ a: zeros(10) });
    const header = memberHeader(file, 0) + 16;
    putAddress(file, 2 ** 40, messageAt(file, dataspace, header) + 8 + 8);
    file.fill(0xff, messageAt(file, layout, header) + 10, messageAt(file, layout, header) + 18);
    await expect(readAll(file)).rejects.toThrow(
      error('CUDA_GAN_FILE', `should have ${2 ** 42} bytes, more than can be in ${file.length}`),
    );
  });

  test('two members of one name', async () => {
    const file = fileOf({ a: zeros(1), b: zeros(1) });
    const names = file.indexOf(Buffer.from('a\0\0\0\0\0\0\0b\0'));
    file.write('a', names + 8);
    await expect(readAll(file)).rejects.toThrow(error('CUDA_GAN_FILE', '"/" has a member "a", or two of them'));
  });

  test('a chunk that is larger than deflating can make it', async () => {
    const file = Buffer.from(readableFile('assorted, earliest'));
    const version3Chunked = Buffer.of(3, 2, 3); // of two dimensions, and that of an element
    const dimensions = file.indexOf(version3Chunked) + version3Chunked.length + 8;
    expect([0, 4, 8].map((offset) => file.readUInt32LE(dimensions + offset))).toEqual([2, 2, 4]);
    file.writeUInt32LE(2 ** 20, dimensions);
    await expect(readAll(file)).rejects.toThrow(error('CUDA_GAN_FILE', ` cannot have ${2 ** 23} bytes, for `));
  });

  test('two chunks in one place', async () => {
    const file = Buffer.from(readableFile('assorted, earliest'));
    const tree = file.indexOf(Buffer.from('TREE\x01'));
    const [head, key, child] = [24, 4 + 4 + 3 * 8, 8];
    file.fill(0, tree + head + key + child + 8, tree + head + key + child + key);
    await expect(readAll(file)).rejects.toThrow(error('CUDA_GAN_FILE', ' has two chunks at (0,0)'));
  });

  test('a chunk whose checksum is wrong', async () => {
    const file = Buffer.from(readableFile('assorted, earliest'));
    const tree = file.indexOf(Buffer.from('TREE\x01'));
    const [head, key] = [24, 4 + 4 + 3 * 8];
    file[Number(file.readBigUInt64LE(tree + head + key))]! ^= 1;
    await expect(readAll(file)).rejects.toThrow(error('CUDA_GAN_FILE', 'the checksum of a chunk of "/'));
  });
});
