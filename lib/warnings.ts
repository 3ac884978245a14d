// What is allowed but hardly meant is said as a warning of the process, which `process.on('warning')` can look at.

/** What a warning is about, in a word that programs can rely on. */
export type WarningCode =
  | 'CUDA_GAN_DATA_RANGE' // data that the generator's last activation cannot reach
  | 'CUDA_GAN_NO_PICTURE' // samples that are no pictures, and therefore are not drawn
  | 'CUDA_GAN_TRAINABLE'; // `trainable` was changed after `compile`, which fixes what trains

/** The `name` of every warning of the package. */
export const warningName = 'CudaGanWarning';

export function warn(code: WarningCode, message: string): void {
  process.emitWarning(message, { type: warningName, code });
}
