// A run that is refused leaves no folder behind that was made for it.
import { existsSync, promises } from 'node:fs';
import { join } from 'node:path';
import { runFiles } from './run-files.js';

/** What `use` gives. Where it fails, a folder that it has made, and has written nothing into, is removed. */
export async function withNewFolder<Result>(folder: string, use: () => Promise<Result>): Promise<Result> {
  const isNew = !existsSync(folder);
  try {
    return await use();
  } catch (error) {
    if (isNew) {
      for (const path of [join(folder, runFiles.checkpoints), folder])
        await promises.rmdir(path).catch(() => undefined);
    }
    throw error;
  }
}
