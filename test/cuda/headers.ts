// Where the headers of the CUDA toolkit are.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Their folder; undefined where there is none. */
export const cudaHeaders = [process.env.CUDA_PATH ?? '/usr/local/cuda', '/usr/local/cuda']
  .map((folder) => join(folder, 'include'))
  .find((folder) => existsSync(join(folder, 'cuda_runtime_api.h')));
