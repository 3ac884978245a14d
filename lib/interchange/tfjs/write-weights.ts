// Writes weights into files beside model.json, of 4 MiB as the converter's, so that browsers keep them.
import { promises } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { bytesIn } from '../../formats/element-reader.js';
import { requireFolderOf, writeFileAtomic } from '../../formats/files.js';
import type { Tensor } from '../../tensor.js';

const shardBytes = 2 ** 22;

export interface Shard {
  readonly name: string;
  readonly parts: readonly Uint8Array[];
}

/**
 * Tensors as files for the model.json at `path`. Their names have a digest of what is in them, and of the name of that: so no older model.json names a
 * file that is written, and a browser that has kept an older file asks for the new one.
 */
export async function shardsOf(path: string, tensors: readonly Tensor[]): Promise<readonly Shard[]> {
  const { createHash } = await import('node:crypto'); // here, because it takes long to load
  const shards = pieces(tensors.map(({ data }) => bytesIn(data)));
  return shards.map((parts, i) => {
    const digest = createHash('sha256').update(basename(path));
    for (const part of parts) digest.update(part);
    const number = `group1-shard${i + 1}of${shards.length}`;
    return { name: `${stemOf(path)}.${number}.${digest.digest('hex').slice(0, 16)}.bin`, parts };
  });
}

/** The bytes one behind the other, in lists of `shardBytes` and a rest. */
function pieces(bytes: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const shards: Uint8Array[][] = [];
  let free = 0;
  for (const one of bytes) {
    for (let begin = 0; begin < one.length; ) {
      if (free === 0) {
        shards.push([]);
        free = shardBytes;
      }
      const part = one.subarray(begin, begin + free);
      shards.at(-1)!.push(part);
      begin += part.length;
      free -= part.length;
    }
  }
  return shards;
}

/** The name of model.json without its ending, of what needs no escape in a URL. */
function stemOf(path: string): string {
  return basename(path, extname(path)).replace(/[^A-Za-z0-9_-]/g, '_');
}

/**
 * Writes the files, then model.json: until that is replaced, it names the older files, which are removed after it.
 * @throws CudaGanError `CUDA_GAN_FILE`; what was there before is then as it was.
 */
export async function writeWithWeights(path: string, json: string, shards: readonly Shard[]): Promise<void> {
  const folder = dirname(path);
  await requireFolderOf(path);
  const older = await shardsNamedBy(path);
  const written: string[] = [];
  try {
    for (const { name, parts } of shards) {
      written.push(name);
      await writeFileAtomic(join(folder, name), parts);
    }
    await writeFileAtomic(path, json);
  } catch (error) {
    await removeFiles(folder, without(written, older));
    throw error;
  }
  await removeFiles(folder, without(older, written));
}

/** The files that `shardsOf` has made for the model.json that is there. */
async function shardsNamedBy(path: string): Promise<readonly string[]> {
  const stem = `${stemOf(path)}.`;
  try {
    const text = await promises.readFile(path, 'utf8');
    const { weightsManifest } = JSON.parse(text) as {
      readonly weightsManifest: readonly { paths: readonly string[] }[];
    };
    return weightsManifest
      .flatMap(({ paths }) => paths)
      .filter(
        (name) => name.startsWith(stem) && /^group1-shard\d+of\d+\.[\da-f]{16}\.bin$/.test(name.slice(stem.length)),
      );
  } catch {
    // No file, or none of ours.
    return [];
  }
}

function without(names: readonly string[], others: readonly string[]): readonly string[] {
  return names.filter((name) => !others.includes(name));
}

async function removeFiles(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await promises.rm(join(folder, name), { force: true }).catch(() => undefined);
}
