// Reads weights from the files beside model.json.
import { promises } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { inWords } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import type { ByteSource } from '../../formats/byte-source.js';
import { readElements } from '../../formats/element-reader.js';
import { fileError, InputFile } from '../../formats/files.js';
import { createTypedArray, sizeOf, type Tensor } from '../../tensor.js';
import type { WeightEntry, WeightGroup } from './manifest.js';

/** Reads a tensor from where its group has it. */
export type ReadEntry = (entry: WeightEntry) => Promise<Tensor>;

/**
 * The entries of the model.json at `path` by their names, and what reads them. No file is read before its size was compared
 * with what it is to hold.
 * @throws CudaGanError `CUDA_GAN_FILE` for a file that is missing, has another size, or is not in that folder.
 */
export async function openWeights(path: string, groups: readonly WeightGroup[]): Promise<Map<string, StoredWeight>> {
  const folder = dirname(path);
  const stored = new Map<string, StoredWeight>();
  for (const group of groups) {
    const source = await groupSource(path, folder, group);
    for (const entry of group.entries) stored.set(entry.name, { entry, read: () => read(source, entry) });
  }
  return stored;
}

export interface StoredWeight {
  readonly entry: WeightEntry;
  read(): Promise<Tensor>;
}

async function read(source: ByteSource, { elements, begin, shape, quantization }: WeightEntry): Promise<Tensor> {
  const data = await readElements(source, { elements, bigEndian: false, begin, count: sizeOf(shape) });
  if (quantization === undefined) return { shape, data };
  const { scale, min } = quantization;
  const values = createTypedArray('float32', data.length);
  for (let i = 0; i < data.length; i++) values[i] = data[i]! * scale + min;
  return { shape, data: values };
}

interface Shard {
  readonly path: string;
  readonly begin: number;
  readonly size: number;
}

/** The files of a group, one behind the other. */
async function groupSource(path: string, folder: string, { paths, bytes }: WeightGroup): Promise<ByteSource> {
  const shards: Shard[] = [];
  let size = 0;
  for (const name of paths) {
    const shard = await shardAt(folder, name);
    shards.push({ ...shard, begin: size });
    size += shard.size;
  }
  if (size !== bytes) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${path} does not fit: its weights take ${bytes} bytes, and ${paths.join(', ') || 'no file'} has ${size}`,
    );
  }
  return { path, size, read: (target, position) => readAcross(shards, target, position) };
}

async function readAcross(shards: readonly Shard[], target: Uint8Array, position: number): Promise<void> {
  const end = position + target.length;
  for (const { path, begin, size } of shards) {
    const from = Math.max(begin, position);
    const to = Math.min(begin + size, end);
    if (from >= to) continue;
    const piece = target.subarray(from - position, to - position);
    await InputFile.with(path, (file) => file.read(piece, from - begin));
  }
}

/** A file that model.json names, which must be in its folder, links followed. */
async function shardAt(folder: string, name: string): Promise<Omit<Shard, 'begin'>> {
  if (!isWithin(name)) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `a file of weights is ${inWords(name)}; allowed are files in the folder of model.json`,
    );
  }
  const path = join(folder, name);
  try {
    const [real, home] = await Promise.all([promises.realpath(path), promises.realpath(folder)]);
    if (!real.startsWith(home.endsWith(sep) ? home : home + sep)) {
      throw new CudaGanError('CUDA_GAN_FILE', `${path} leads to a file outside of its folder, which is not read`);
    }
    const found = await promises.stat(real);
    if (!found.isFile()) throw new CudaGanError('CUDA_GAN_FILE', `${path} is no file`);
    return { path: real, size: found.size };
  } catch (error) {
    throw error instanceof CudaGanError ? error : fileError('read', path, error);
  }
}

/** A relative path, as of a URL, that does not lead out of a folder. */
function isWithin(name: string): boolean {
  const parts = name.split('/');
  return !/^[a-z][a-z\d+.-]*:|[\\\0]/i.test(name) && !name.startsWith('/') && !parts.includes('..') && name !== '';
}
