// What a process that is killed leaves: copies of a folder at the moments when a checkpoint has got its name.
import { createHash } from 'node:crypto';
import { cpSync, promises, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { jest } from '@jest/globals';
import { scratchFolder } from '../gan/scratch';

/** Runs, and copies `folder` after every checkpoint. The copies by the number of the checkpoint. */
export async function copiesAtCheckpoints(folder: string, run: () => Promise<unknown>): Promise<Map<number, string>> {
  const { rename } = promises;
  const copies = new Map<number, string>();
  const watched = jest.spyOn(promises, 'rename').mockImplementation(async (from, to) => {
    await rename(from, to);
    const step = /^checkpoint-(\d+)/.exec(basename(String(to)))?.[1];
    if (step === undefined || !String(to).startsWith(folder)) return;
    const copy = scratchFolder();
    // Files under way to their place, of other writes, may be gone before they are copied; nobody reads them.
    cpSync(folder, copy, { recursive: true, filter: (path) => !path.endsWith('.tmp') });
    copies.set(Number(step), copy);
  });
  try {
    await run();
  } finally {
    watched.mockRestore();
  }
  return copies;
}

/** Names of the checkpoints in a folder. */
export function checkpointNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('checkpoint-'))
    .sort();
}

/** A hash of all tensors in the newest checkpoint of a folder: everything that a step reads, of whatever use. */
export function stateIn(folder: string): string {
  return hashOfTensors(join(folder, checkpointNames(folder).at(-1)!));
}

/** A hash of all tensors in a safetensors file, without its header: what a model's config calls first is not of interest. */
export function hashOfTensors(path: string): string {
  const bytes = readFileSync(path);
  return hashOf(bytes.subarray(8 + Number(bytes.readBigUInt64LE(0))));
}

export function hashOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
