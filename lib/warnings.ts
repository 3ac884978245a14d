// What is allowed but hardly meant is said as a warning of the process, which `process.on('warning')` can look at.

/** What a warning is about, in a word that programs can rely on. */
export type WarningCode =
  | 'CUDA_GAN_BALANCE' // a training in which one network overpowers the other, samples collapse, or images are learnt by heart
  | 'CUDA_GAN_CACHE' // decoded images that cannot be kept for the next time
  | 'CUDA_GAN_CHECKPOINT' // a checkpoint that is damaged, so that a training goes on from the one before
  | 'CUDA_GAN_COMPOSITION' // parts of a GAN that do not go well together
  | 'CUDA_GAN_DATA_RANGE' // data that the generator's last activation cannot reach, or pixels that hardly are of the range they are measured in
  | 'CUDA_GAN_KERAS' // what a file of Keras means otherwise, or cannot keep
  | 'CUDA_GAN_LIBRARY' // a library of NVIDIA's that is there but fails, so that the package's own kernels do its work
  | 'CUDA_GAN_MONITOR' // a callback that watches a figure which was never there
  | 'CUDA_GAN_NO_PICTURE' // samples that are no pictures, and therefore are not drawn
  | 'CUDA_GAN_SKIPPED' // images that cannot be decoded, and are left out
  | 'CUDA_GAN_TFJS' // what TensorFlow.js does not take from a file that is written for it
  | 'CUDA_GAN_TRAINABLE'; // `trainable` was changed after `compile`, which fixes what trains

/** The `name` of every warning of the package. */
export const warningName = 'CudaGanWarning';

export function warn(code: WarningCode, message: string): void {
  process.emitWarning(message, { type: warningName, code });
}

const said = new Set<string>();

/** Says the same thing only once in a process. */
export function warnOnce(code: WarningCode, message: string): void {
  if (said.has(message)) return;
  said.add(message);
  warn(code, message);
}
