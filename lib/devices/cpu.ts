// SIMD kernels on the processor's cores, chosen at run time by what it can do.
import { cpuFusions } from './fusions/index.js';
import { NativeDevice, requireAddon, translated } from './native.js';
import { defaultThreads, threadsNumber } from './threads.js';

// Some 60 µs for one thread: the least for which it is worth waking another.
const multiplicationsPerThread = 2_000_000;

/**
 * @param threads Number of threads that compute, 1 to 1024. Default: as `defaultThreads` says.
 * @param workPerThread Programs whose steps are smaller use fewer threads; 0 lets all take part in any program.
 * @throws CudaGanError `CUDA_GAN_NO_DEVICE` when the addon is missing, `CUDA_GAN_VALUE` for a wrong number of threads.
 */
export function openCpu(threads?: number, workPerThread = multiplicationsPerThread): NativeDevice {
  const count = threads === undefined ? defaultThreads().threads : threadsNumber('threads', threads);
  const addon = requireAddon();
  return new NativeDevice(
    'cpu',
    translated(() => addon.openCpu(count, process.env.CUDA_GAN_ISA ?? '', workPerThread)),
    cpuFusions,
  );
}
