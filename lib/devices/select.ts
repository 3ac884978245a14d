// Devices by name.
import { CudaGanError } from '../errors.js';
import { openCpu } from './cpu.js';
import { cudaMissing, openCuda, type Precision, precisions } from './cuda.js';
import type { Device } from './device.js';
import { ReferenceDevice } from './reference/device.js';

/** `auto` is cuda where there is an NVIDIA GPU that can be used, else cpu. */
export const deviceChoices = ['auto', 'cpu', 'cuda', 'reference'] as const;
export type DeviceChoice = (typeof deviceChoices)[number];

export interface DeviceOptions {
  /** Threads that compute on the cpu device. Default: all physical cores. Results do not depend on it. */
  readonly threads?: number | undefined;
  /** Of large matrix products on the cuda device. Default `float32`, the only one that other devices have. */
  readonly precision?: Precision | undefined;
}

/**
 * Opens a device.
 * @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or precision, `CUDA_GAN_NO_DEVICE` when the device is not there.
 */
export function createDevice(choice: DeviceChoice = 'auto', { threads, precision }: DeviceOptions = {}): Device {
  requireOneOf('device', choice, deviceChoices);
  if (precision !== undefined) requireOneOf('precision', precision, precisions);
  const name = choice === 'auto' ? chooseDevice().name : choice;
  if (name === 'cuda') return openCuda(precision);
  if (precision !== undefined && precision !== 'float32') {
    throw new CudaGanError('CUDA_GAN_VALUE', `precision is ${precision}; the ${name} device computes in float32 only`);
  }
  return name === 'cpu' ? openCpu(threads) : new ReferenceDevice();
}

/** What `auto` means here, and why it is not cuda when it is not. @internal */
export function chooseDevice(): { readonly name: 'cpu' | 'cuda'; readonly reason?: string } {
  const reason = cudaMissing();
  return reason === undefined ? { name: 'cuda' } : { name: 'cpu', reason };
}

const shared = new Map<string, Device>();

/**
 * The device that is meant: `device` itself, or the one of that name that the process shares. With `threads`, a device
 * of its own. Models of one program must be on one device.
 * @internal
 */
export function resolveDevice(device: Device | DeviceChoice = 'auto', options: DeviceOptions = {}): Device {
  if (typeof device === 'object') return device;
  if (options.threads !== undefined) return createDevice(device, options);
  const name = device === 'auto' ? chooseDevice().name : device;
  const key = `${name} ${options.precision ?? 'float32'}`;
  let found = shared.get(key);
  if (found === undefined) {
    found = createDevice(name, options);
    shared.set(key, found);
  }
  return found;
}

function requireOneOf(what: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `unknown ${what} ${JSON.stringify(value)}; allowed are ${allowed.join(', ')}`,
  );
}
