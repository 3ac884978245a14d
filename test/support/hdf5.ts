// HDF5 files of h5py and Keras, and what is in a file as plain data.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { decodeHdf5, type Hdf5Attribute, type Hdf5Dataset, type Hdf5Group } from '../../lib/formats/hdf5/index';

/** What test/golden/make_hdf5.py wrote: deflated, as base64. */
interface Golden {
  readonly read: Readonly<Record<string, { readonly file: string; readonly content: string }>>;
  readonly refused: Readonly<Record<string, string>>;
}

const golden: Golden = JSON.parse(readFileSync(join(__dirname, '../golden/hdf5.json'), 'utf8'));
const unpacked = (packed: string) => new Uint8Array(inflateSync(Buffer.from(packed, 'base64')));

export const readable: readonly string[] = Object.keys(golden.read);
export const readableFile = (name: string): Uint8Array => unpacked(golden.read[name]!.file);
export const refusedFile = (name: string): Uint8Array => unpacked(golden.refused[name]!);

/** Groups have `members`, datasets have `values`. Attributes that are not read are null. */
export interface Content {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly members?: readonly (readonly [string, Content])[];
  readonly shape?: readonly number[];
  readonly values?: readonly (number | string)[];
}

/** What h5py found. */
export const expectedContent = (name: string): Content =>
  JSON.parse(Buffer.from(unpacked(golden.read[name]!.content)).toString());

/** Everything in a file. */
export async function contentOf(object: Hdf5Group | Hdf5Dataset): Promise<Content> {
  const plain = (value: Hdf5Attribute) => (typeof value === 'object' && 'unsupported' in value ? null : value);
  const attributes = Object.fromEntries([...object.attributes].map(([name, value]) => [name, plain(value)]));
  if (object.kind === 'group') {
    const members: [string, Content][] = [];
    for (const [name, member] of object.members) members.push([name, await contentOf(member)]);
    return { attributes, members };
  }
  const { shape, data } = await object.read();
  return { attributes, shape, values: Array.from(data, inWords) };
}

/** JSON has no infinity. */
export const inWords = (value: number): number | string =>
  Math.abs(value) === Number.POSITIVE_INFINITY ? String(value) : value;

/** Reads a file from memory, with all of its datasets. */
export async function readAll(bytes: Uint8Array, path = 'x.h5'): Promise<Content> {
  return contentOf(await decodeHdf5(bytes, path));
}
