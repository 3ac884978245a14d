// The same programs on an NVIDIA GPU.
import { CudaGanError } from '../errors.js';
import { cudaFusions } from './fusions/index.js';
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
 * Opens the first GPU that the driver shows; the environment variable CUDA_VISIBLE_DEVICES chooses another.
 * @internal
 * @throws CudaGanError `CUDA_GAN_NO_DEVICE` when there is none, with the reason and what to do.
 */
export function openCuda(precision: Precision = 'float32', addon = requireAddon()): NativeDevice {
  return new NativeDevice(
    'cuda',
    translated(() => addon.openCuda(precision)),
    cudaFusions,
    precision,
  );
}

/** Why there is no cuda device, and what to do. Undefined when there is one. @internal */
export function cudaMissing(): string | undefined {
  try {
    return requireAddon().cudaMissing() || undefined;
  } catch (error) {
    if (error instanceof CudaGanError) return error.message;
    throw error;
  }
}
