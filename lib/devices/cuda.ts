// The same programs on an NVIDIA GPU.
import { inWords } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { cudaFusions } from './fusions/index.js';
import { deviceLabel } from './names.js';
import { NativeDevice, requireAddon, translated } from './native.js';

/**
 * In what precision matrix products of more than 128 rows multiply on the cuda device, where that lets tensor cores do
 * it; they add in float32. Smaller ones, and all else, compute in float32. Relative rounding of a factor: float32 2⁻²⁴,
 * tf32 2⁻¹¹, bfloat16 2⁻⁸.
 */
export const precisions = ['float32', 'tf32', 'bfloat16'] as const;
/**
 * What the factors of large matrix products are rounded to on the cuda device: `float32` 6e-8 of relative error, `tf32`
 * 5e-4, `bfloat16` 4e-3. Sums and everything else are float32. @useDeclaredType
 */
export type Precision = (typeof precisions)[number];

/**
 * Opens a GPU by its number, counted from 0 as the driver shows them, which the environment variable CUDA_VISIBLE_DEVICES
 * decides.
 * @internal
 * @throws CudaGanError `CUDA_GAN_NO_DEVICE` when it is not there, with the reason and what to do; `CUDA_GAN_VALUE` for a wrong
 * CUDA_GAN_DEPENDENT_LAUNCH.
 */
export function openCuda(gpu = 0, precision: Precision = 'float32', addon = requireAddon()): NativeDevice {
  const reason = addon.cudaMissing(gpu);
  if (reason !== '') {
    throw new CudaGanError('CUDA_GAN_NO_DEVICE', `${deviceLabel({ name: 'cuda', gpu })} is not available: ${reason}`);
  }
  return new NativeDevice(
    'cuda',
    translated(() => addon.openCuda(gpu, precision, dependentLaunch())),
    cudaFusions,
    precision,
    gpu,
  );
}

/** Whether kernels come to the GPU before those that they wait for have ended: CUDA_GAN_DEPENDENT_LAUNCH, by default not. */
function dependentLaunch(): boolean {
  const wanted = process.env.CUDA_GAN_DEPENDENT_LAUNCH || '0';
  if (wanted === '0' || wanted === '1') return wanted === '1';
  throw new CudaGanError('CUDA_GAN_VALUE', `CUDA_GAN_DEPENDENT_LAUNCH is ${inWords(wanted)}; allowed are 0 and 1`);
}

/** Why that GPU is no cuda device, and what to do. Undefined when it is one. @internal */
export function cudaMissing(gpu = 0): string | undefined {
  try {
    return requireAddon().cudaMissing(gpu) || undefined;
  } catch (error) {
    if (error instanceof CudaGanError) return error.message;
    throw error;
  }
}

/** How many GPUs the driver shows; 0 without the addon. @internal */
export function gpuCount(): number {
  try {
    return requireAddon().gpuCount();
  } catch (error) {
    if (error instanceof CudaGanError) return 0;
    throw error;
  }
}
