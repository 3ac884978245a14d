// The devices whose kernels the suites hold to the reference device.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@jest/globals';
import type { Addon } from '../../lib/devices/addon.cjs';
import { openCpu } from '../../lib/devices/cpu';
import { cudaMissing, openCuda, type Precision } from '../../lib/devices/cuda';
import type { Device } from '../../lib/devices/device';
import { requireAddon } from '../../lib/devices/native';

export interface TestedDevice {
  readonly label: string;
  readonly device: Device;
}

/** What CUDA_GAN_PREBUILD must be for a process to use the emulator. */
export const emulator = join(__dirname, '../../build/emulator');

const emulatedPath = join(emulator, 'build/Release/cuda-gan.node');

/** Why there is no GPU, when there is none. */
export const gpuMissing = cudaMissing();

/** The addon whose CUDA code runs on the processor (test/cuda-emulator). May be undefined where there is a GPU, or no Linux. */
export function emulatedAddon(): Addon | undefined {
  if (existsSync(emulatedPath)) return require(emulatedPath);
  if (gpuMissing === undefined || process.platform !== 'linux') return undefined;
  throw new Error('the CUDA emulator is not built: run `npm run build:emulator` first');
}

/** The cpu device with threads that share even the smallest program. */
export function sharingCpu(threads: number): Device {
  return openCpu(threads, 0);
}

/** cpu with every instruction set that this processor has. */
export function cpuDevices(): TestedDevice[] {
  return requireAddon()
    .instructionSets()
    .map((instructionSet) => {
      process.env.CUDA_GAN_ISA = instructionSet;
      const device = sharingCpu(2);
      delete process.env.CUDA_GAN_ISA;
      return { label: instructionSet, device };
    });
}

/** cuda on the GPU where there is one, and on the emulator where that is built. */
export function cudaDevices(precision?: Precision): TestedDevice[] {
  const emulated = emulatedAddon();
  return [
    ...(gpuMissing === undefined ? [{ label: 'cuda', device: openCuda(0, precision) }] : []),
    ...(emulated === undefined ? [] : [{ label: 'emulated cuda', device: openCuda(0, precision, emulated) }]),
  ];
}

/** Says in a suite's results that it did not run on a GPU, and why. */
export function noteMissingGpu(): void {
  if (gpuMissing !== undefined) test.skip(`on a GPU: skipped, ${gpuMissing}`, () => undefined);
}
