// SIMD kernels on the processor's cores, chosen at run time by what it can do.
import { CudaGanError } from '../errors.js';
import { NativeDevice, requireAddon, translated } from './native.js';

/**
 * @param threads Number of threads that compute, 1 to 1024. Default: all physical cores.
 * @throws CudaGanError `CUDA_GAN_NO_DEVICE` when the addon is missing, `CUDA_GAN_VALUE` for a wrong number of threads.
 */
export function openCpu(threads?: number): NativeDevice {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= 1024)) {
    throw new CudaGanError('CUDA_GAN_VALUE', `threads is ${threads}; allowed are whole numbers from 1 to 1024`);
  }
  const addon = requireAddon();
  return new NativeDevice(
    'cpu',
    translated(() => addon.openCpu(threads ?? 0, process.env.CUDA_GAN_ISA ?? '')),
  );
}
