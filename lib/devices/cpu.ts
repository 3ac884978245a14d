// SIMD kernels on the processor's cores, chosen at run time by what it can do.
import { wholeNumberIn } from '../checks.js';
import { NativeDevice, requireAddon, translated } from './native.js';

/**
 * @param threads Number of threads that compute, 1 to 1024. Default: all physical cores.
 * @throws CudaGanError `CUDA_GAN_NO_DEVICE` when the addon is missing, `CUDA_GAN_VALUE` for a wrong number of threads.
 */
export function openCpu(threads?: number): NativeDevice {
  if (threads !== undefined) wholeNumberIn('threads', threads, 1, 1024);
  const addon = requireAddon();
  return new NativeDevice(
    'cpu',
    translated(() => addon.openCpu(threads ?? 0, process.env.CUDA_GAN_ISA ?? '')),
  );
}
