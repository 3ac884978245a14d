// Devices by name.
import { oneOf } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { checkOptions, type OptionNames } from '../options.js';
import { openCpu } from './cpu.js';
import { cudaMissing, openCuda, type Precision, precisions } from './cuda.js';
import type { Device } from './device.js';
import { type DeviceChoice, deviceLabel, parseDevice } from './names.js';
import { ReferenceDevice } from './reference/device.js';
import { threadsNumber } from './threads.js';

/** What `createDevice` takes. */
export interface DeviceOptions {
  /**
   * Threads that compute on the cpu device, 1 to 1024; results do not depend on it. Default: the environment variable
   * CUDA_GAN_THREADS, else all physical cores that the process may use.
   */
  readonly threads?: number | undefined;
  /** Of large matrix products on the cuda device. Default `float32`, the only one that other devices have. */
  readonly precision?: Precision | undefined;
}

const optionNames: OptionNames<DeviceOptions> = { threads: true, precision: true };

/**
 * Opens a device.
 * @param choice Default `auto`. Of several GPUs `cuda` is the first, `cuda:1` the second.
 * @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name, precision or option, `CUDA_GAN_NO_DEVICE` when the device is not there.
 */
export function createDevice(choice: DeviceChoice = 'auto', options?: DeviceOptions): Device {
  const { threads, precision } = checkOptions('createDevice', options, optionNames);
  const { name: asked, gpu } = parseDevice(choice);
  if (threads !== undefined) threadsNumber('threads', threads);
  if (precision !== undefined) oneOf('precision', precisions, precision);
  const name = asked === 'auto' ? chooseDevice().name : asked;
  if (name === 'cuda') return openCuda(gpu, precision);
  if (precision !== undefined && precision !== 'float32') {
    throw new CudaGanError('CUDA_GAN_VALUE', `precision is ${precision}; the ${name} device computes in float32 only`);
  }
  return name === 'cpu' ? openCpu(threads) : new ReferenceDevice();
}

/** What `auto` means here, of several GPUs the first, and why it is not cuda when it is not. @internal */
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
export function resolveDevice(
  device: Device | DeviceChoice = 'auto',
  { threads, precision }: DeviceOptions = {},
): Device {
  if (isDevice(device)) return device;
  const options = { threads, precision };
  if (threads !== undefined) return createDevice(device, options);
  const { name: asked, gpu } = parseDevice(device);
  const name = asked === 'auto' ? chooseDevice().name : asked;
  const key = `${deviceLabel({ name, gpu })} ${oneOf('precision', precisions, precision ?? 'float32')}`;
  let found = shared.get(key);
  if (found === undefined) {
    found = createDevice(device, options);
    shared.set(key, found);
  }
  return found;
}

/** Callers without types may hand over anything. */
function isDevice(device: Device | DeviceChoice): device is Device {
  return typeof device === 'object' && typeof device?.allocate === 'function' && typeof device.compile === 'function';
}
