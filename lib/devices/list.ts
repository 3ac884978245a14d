// What devices there are, for people and programs that ask.
import { CudaGanError } from '../errors.js';
import type { LibraryReport } from './addon.cjs';
import { openCpu } from './cpu.js';
import { cudaMissing, gpuCount } from './cuda.js';
import type { DeviceName } from './device.js';
import { requireAddon } from './native.js';
import { ReferenceDevice } from './reference/device.js';
import { defaultThreads, type ThreadLimit } from './threads.js';

export interface DeviceInfo {
  readonly name: DeviceName;
  /** Of a cuda device: which GPU it is, counted from 0 as the driver shows them. */
  readonly gpu?: number;
  readonly available: boolean;
  /** Processor, instruction set and threads. */
  readonly description?: string;
  readonly threads?: number;
  /** What decided the number of threads. */
  readonly threadLimit?: ThreadLimit;
  /** The kernels in use: `avx512`, `avx2` or `baseline`; the environment variable CUDA_GAN_ISA chooses another. */
  readonly instructionSet?: string;
  /** All that this processor could use. */
  readonly instructionSets?: readonly string[];
  /** The GPU's memory. */
  readonly memoryBytes?: number;
  /** The CUDA version that the driver supports. */
  readonly driverVersion?: string;
  /** The CUDA version that this package was built with. */
  readonly runtimeVersion?: string;
  /** Libraries of NVIDIA, all of them optional: where each was found, or what was tried. */
  readonly libraries?: readonly LibraryReport[];
  /** Why the device is not available, and what to do. */
  readonly reason?: string;
}

/** Every device that this package knows of, available or not, and every GPU that the driver shows; without any, cuda once. */
export function listDevices(): DeviceInfo[] {
  const { name, description, threads } = new ReferenceDevice();
  return [describeCpu(), ...describeGpus(), { name, available: true, description, threads }];
}

function describeCpu(): DeviceInfo {
  return unlessNoAddon('cpu', () => {
    const instructionSets = requireAddon().instructionSets();
    const threadLimit = defaultThreads();
    const { name, description, threads } = openCpu(threadLimit.threads);
    const instructionSet = process.env.CUDA_GAN_ISA || instructionSets[0]!;
    return { name, available: true, description, threads, threadLimit, instructionSet, instructionSets };
  });
}

function describeGpus(): DeviceInfo[] {
  return Array.from({ length: Math.max(1, gpuCount()) }, (_, gpu) => describeGpu(gpu));
}

function describeGpu(gpu: number): DeviceInfo {
  return unlessNoAddon('cuda', () => {
    const reason = cudaMissing(gpu);
    const report = requireAddon().cudaReport(gpu);
    const { driverVersion, runtimeVersion, libraries } = report;
    const versions = {
      ...(driverVersion !== '' && { driverVersion }),
      ...(runtimeVersion !== '' && { runtimeVersion }),
      libraries,
    };
    if (reason !== undefined) return { name: 'cuda', gpu, available: false, reason, ...versions };
    const description = `${report.gpu}, compute capability ${report.computeCapability}`;
    return { name: 'cuda', gpu, available: true, description, memoryBytes: report.memoryBytes, ...versions };
  });
}

function unlessNoAddon(name: DeviceName, describe: () => DeviceInfo): DeviceInfo {
  try {
    return describe();
  } catch (error) {
    if (!(error instanceof CudaGanError)) throw error;
    return { name, available: false, reason: error.message };
  }
}
