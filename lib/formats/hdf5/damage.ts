import { CudaGanError } from '../../errors.js';

/** The error for a file that is damaged, or has what is not read here. */
export function unreadable(path: string, what: string, cause?: unknown): CudaGanError {
  return new CudaGanError('CUDA_GAN_FILE', `${path} is not an HDF5 file that can be read: ${what}`, { cause });
}
