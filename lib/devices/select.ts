// Devices by name.
import { CudaGanError } from '../errors.js';
import type { Device } from './device.js';
import { CpuDevice } from './native.js';
import { ReferenceDevice } from './reference/device.js';

/** `auto` is the fastest device that this version supports: cpu. */
export const deviceChoices = ['auto', 'cpu', 'reference'] as const;
export type DeviceChoice = (typeof deviceChoices)[number];

/** Why there is no `cuda`, for all who ask. */
export const cudaReason = 'this version has no CUDA device yet';

export interface DeviceOptions {
  /** Threads that compute on the cpu device. Default: all physical cores. Results do not depend on it. */
  readonly threads?: number | undefined;
}

/**
 * Opens a device.
 * @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name, `CUDA_GAN_NO_DEVICE` when the device is not there.
 */
export function createDevice(choice: DeviceChoice = 'auto', { threads }: DeviceOptions = {}): Device {
  switch (choice) {
    case 'auto':
    case 'cpu':
      return new CpuDevice(threads);
    case 'reference':
      return new ReferenceDevice();
    case 'cuda' as DeviceChoice:
      throw new CudaGanError('CUDA_GAN_NO_DEVICE', `cuda is not available: ${cudaReason}; cpu is`);
    default:
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        `unknown device ${JSON.stringify(choice)}; allowed are ${deviceChoices.join(', ')}`,
      );
  }
}

const shared = new Map<DeviceChoice, Device>();

/**
 * The device that is meant: `device` itself, or the one of that name that the process shares. With `threads`, a device
 * of its own. Models of one program must be on one device.
 */
export function resolveDevice(device: Device | DeviceChoice = 'auto', options: DeviceOptions = {}): Device {
  if (typeof device === 'object') return device;
  if (options.threads !== undefined) return createDevice(device, options);
  const choice = device === 'auto' ? 'cpu' : device;
  let found = shared.get(choice);
  if (found === undefined) {
    found = createDevice(choice);
    shared.set(choice, found);
  }
  return found;
}
