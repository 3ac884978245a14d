// Names of devices: what users write, and what messages say.
import { inWords } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { Device, DeviceName } from './device.js';

/** `auto` is cuda where there is an NVIDIA GPU that can be used, else cpu; `cuda` is the first GPU. */
const deviceNames = ['auto', 'cpu', 'cuda', 'reference'] as const;
/**
 * A device by name, or `auto`: cuda where there is an NVIDIA GPU that can be used, else cpu. Of several GPUs `cuda` is the
 * first, `cuda:1` the second: as many as the driver shows, which the environment variable CUDA_VISIBLE_DEVICES decides.
 * @useDeclaredType
 */
export type DeviceChoice = (typeof deviceNames)[number] | `cuda:${number}`;

/** For messages. */
export const allowedDevices = `${deviceNames.join(', ')}; of several GPUs cuda:0, cuda:1 and so on`;

/** What a name means. @throws CudaGanError `CUDA_GAN_VALUE` for one that there is not. */
export function parseDevice(choice: DeviceChoice): { readonly name: DeviceName | 'auto'; readonly gpu: number } {
  const name = deviceNames.find((candidate) => candidate === choice);
  if (name !== undefined) return { name, gpu: 0 };
  const [, gpu] = (typeof choice === 'string' && /^cuda:(0|[1-9]\d{0,8})$/.exec(choice)) || [];
  if (gpu !== undefined) return { name: 'cuda', gpu: Number(gpu) };
  throw new CudaGanError('CUDA_GAN_VALUE', `unknown device ${inWords(choice)}; allowed are ${allowedDevices}`);
}

/** As users write it: `cpu`, `cuda`, `cuda:1`. */
export function deviceLabel({ name, gpu }: Pick<Device, 'name' | 'gpu'>): string {
  return gpu ? `${name}:${gpu}` : name;
}

/** The name and what it is: `cuda:1 (NVIDIA H100, compute capability 9.0)`. */
export function deviceInWords(device: Pick<Device, 'name' | 'gpu' | 'description'>): string {
  return `${deviceLabel(device)} (${device.description})`;
}
