// HDF5 files of h5py and Keras: all structures that they make are read, and what is not read is refused by name.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fileSource } from '../../../lib/formats/byte-source';
import { InputFile } from '../../../lib/formats/files';
import { decodeHdf5, type Hdf5Dataset, hdf5Parts, readHdf5 } from '../../../lib/formats/hdf5/index';
import { tensor } from '../../../lib/tensor';
import { error } from '../../support/errors';
import { contentOf, expectedContent, readAll, readable, readableFile, refusedFile } from '../../support/hdf5';

const group = (bytes: Uint8Array) => decodeHdf5(bytes);

describe('a file of h5py', () => {
  test.each(readable)('with %s is read as h5py reads it', async (name) => {
    expect(await readAll(readableFile(name))).toEqual(expectedContent(name));
  });

  test('is read from the disk as from memory', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hdf5-'));
    const path = join(folder, 'a.h5');
    await writeFile(path, readableFile('chunks, latest'));
    const found = await InputFile.with(path, async (file) => contentOf(await readHdf5(await fileSource(file))));
    expect(found).toEqual(expectedContent('chunks, latest'));
    await rm(folder, { recursive: true });
  });

  test.each([1, 2])('with a layout message of version %d is read', async (version) => {
    const tensors = new Map([['x', { kind: 'dataset' as const, tensor: tensor([3, 4]) }]]);
    const file = Buffer.concat(hdf5Parts({ kind: 'group', members: tensors }));
    const contiguous = Buffer.of(3, 1);
    const at = file.lastIndexOf(Buffer.concat([Buffer.of(0x08, 0, 24, 0, 0, 0, 0, 0), contiguous])) + 8;
    const address = file.readBigUInt64LE(at + 2);
    file.set([version, 1, 1, 0, 0, 0, 0, 0], at); // of one dimension
    file.writeBigUInt64LE(address, at + 8);
    file.writeUInt32LE(2, at + 16);
    const { members } = await readAll(file);
    expect(members).toEqual([['x', { attributes: {}, shape: [2], values: [3, 4] }]]);
  });

  test('says what its elements are', async () => {
    const { members } = await group(readableFile('types, latest'));
    const dtypes = ['u1', 'i8', 'big f2', 'f4', 'f8', 'bool', 'bfloat16', 'colours'].map(
      (name) => (members.get(name) as Hdf5Dataset).dtype,
    );
    expect(dtypes).toEqual(['uint8', 'int64', 'float16', 'float32', 'float64', 'bool', 'bfloat16', 'int8']);
  });

  test('says of attributes that are not read what they are', async () => {
    const { attributes } = await group(readableFile('attributes, earliest'));
    expect(attributes.get('complex')).toEqual({ unsupported: 'records' });
    expect(attributes.get('reference')).toEqual({ unsupported: 'references' });
  });

  test('has one dataset under each of its names', async () => {
    const { members } = await group(readableFile('links, latest'));
    const [a, soft] = [members.get('a'), members.get('soft')];
    expect(a?.kind === 'group' && a.members.get('same')).toBe(soft);
    expect(a?.kind === 'group' && a.members.get('relative')).toBe(soft);
  });

  test.each([
    ['a link into another file', '"x" in "/" is a link into another file'],
    ['a group in two places', 'the group "/b" is in another place too, or in itself'],
    ['a group in itself', 'the group "/a/b/a" is in another place too, or in itself'],
    ['a link that leads nowhere', 'the link "/x" leads to "/none", which is no dataset'],
    ['a link to a group', 'the link "/x" leads to "/a", which is no dataset'],
    ['groups that are nested too deep', 'its groups are more than 100 deep, or have longer names than are read'],
    ['lzf', '"/x" has the filter lzf; allowed are deflate, shuffle and fletcher32'],
    ['scaleoffset', '"/x" has the filter scaleoffset; allowed are deflate, shuffle and fletcher32'],
    ['elements in other datasets', 'the elements of "/x" are in other datasets, which are not read'],
    ['elements in other files', 'the elements of "/x" are in other files, which are not read'],
    ['texts', '"/x" has texts; allowed are numbers'],
    ['records', '"/x" has records; allowed are numbers'],
  ])('with %s is refused by name', async (name, message) => {
    await expect(readAll(refusedFile(name))).rejects.toThrow(
      error('CUDA_GAN_FILE', `x.h5 is not an HDF5 file that can be read: ${message}`),
    );
  });

  test.each([
    ['float64 that would be rounded', 'has the type float64, and its element 1, 0.1, is no float32 number'],
    ['int64 beyond int32', 'has the type int64, and its element 1, 2147483648, is no int32 number'],
  ])('with %s is refused, as NumPy files are', async (name, message) => {
    await expect(readAll(refusedFile(name))).rejects.toThrow(error('CUDA_GAN_FILE', `"/x" of x.h5 ${message}`));
  });
});
