// What devices there are, for people and programs that ask.
import { CudaGanError } from '../errors.js';
import type { DeviceName } from './device.js';
import { CpuDevice, requireAddon } from './native.js';
import { ReferenceDevice } from './reference/device.js';
import { cudaReason } from './select.js';

export interface DeviceInfo {
  readonly name: DeviceName;
  readonly available: boolean;
  /** Processor, instruction set and threads. */
  readonly description?: string;
  readonly threads?: number;
  /** The kernels in use: `avx512`, `avx2` or `baseline`; the environment variable CUDA_GAN_ISA chooses another. */
  readonly instructionSet?: string;
  /** All that this processor could use. */
  readonly instructionSets?: readonly string[];
  /** Why the device is not available. */
  readonly reason?: string;
}

/** Every device that this package knows of, available or not. */
export function listDevices(): DeviceInfo[] {
  const { name, description, threads } = new ReferenceDevice();
  return [
    describeCpu(),
    { name: 'cuda', available: false, reason: cudaReason },
    { name, available: true, description, threads },
  ];
}

function describeCpu(): DeviceInfo {
  try {
    const instructionSets = requireAddon().instructionSets();
    const { name, description, threads } = new CpuDevice();
    const instructionSet = process.env.CUDA_GAN_ISA || instructionSets[0]!;
    return { name, available: true, description, threads, instructionSet, instructionSets };
  } catch (error) {
    if (!(error instanceof CudaGanError)) throw error;
    return { name: 'cpu', available: false, reason: error.message };
  }
}
