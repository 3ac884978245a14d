// SIMD kernels on the processor's cores, chosen at run time by what it can do.
import { NativeDevice, requireAddon, translated } from './native.js';
import { defaultThreads, threadsNumber } from './threads.js';

/**
 * @param threads Number of threads that compute, 1 to 1024. Default: as `defaultThreads` says.
 * @throws CudaGanError `CUDA_GAN_NO_DEVICE` when the addon is missing, `CUDA_GAN_VALUE` for a wrong number of threads.
 */
export function openCpu(threads?: number): NativeDevice {
  const count = threads === undefined ? defaultThreads().threads : threadsNumber('threads', threads);
  const addon = requireAddon();
  return new NativeDevice(
    'cpu',
    translated(() => addon.openCpu(count, process.env.CUDA_GAN_ISA ?? '')),
  );
}
