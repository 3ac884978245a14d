// Kernels under spectral normalisation. Keras computes with the kernel that is in the file, and overwrites it in training; here it
// stays as it is trained, and is divided where it is used. So Keras is given the quotient, and the kernel itself lies beside it.
import { CudaGanError } from '../../errors.js';
import type { Layer } from '../../layers/layer.js';
import { SpectralNormalization } from '../../layers/spectral-normalization.js';
import type { Variable } from '../../program/variable.js';
import type { Tensor } from '../../tensor.js';
import { warn } from '../../warnings.js';

export type Contents = ReadonlyMap<Variable, Tensor>;

/** All spectral normalisations within a layer. */
export function spectralNormalizations(layer: Layer): readonly SpectralNormalization[] {
  const within = layer.layersWithin.flatMap(spectralNormalizations);
  return [...new Set(layer instanceof SpectralNormalization ? [layer, ...within] : within)];
}

/** Where the kernels themselves lie in a file: Keras' loaders do not look there. */
export const ownGroup = 'cuda_gan';

/** Of every kernel under spectral normalisation in a model, what Keras is given in its place. */
export function dividedKernels(model: Layer, contents: Contents): ReadonlyMap<Variable, Tensor> {
  return new Map(
    spectralNormalizations(model).map((layer) => [layer.kernel, normalizedKernel(layer, contents)] as const),
  );
}

/** The kernel as inference uses it: divided by |W u / |u||, W as a matrix [all the rest, outputs]. */
function normalizedKernel(layer: SpectralNormalization, contents: Contents): Tensor {
  const kernel = contents.get(layer.kernel)!;
  const largest = stretchOf(layer, contents);
  return { shape: kernel.shape, data: Float32Array.from(kernel.data, (value) => value / largest) };
}

/** How much the kernel stretches the vector that the power iteration has come to. */
function stretchOf(layer: SpectralNormalization, contents: Contents): number {
  const { data: kernel } = contents.get(layer.kernel)!;
  const { data: vector } = contents.get(layer.vector)!;
  const outputs = vector.length;
  let lengthSquared = 0;
  for (const value of vector) lengthSquared += value * value;
  const length = Math.sqrt(lengthSquared);
  let squares = 0;
  for (let row = 0; row < kernel.length; row += outputs) {
    let sum = 0;
    for (let i = 0; i < outputs; i++) sum += (vector[i]! / length) * kernel[row + i]!;
    squares += sum * sum;
  }
  return Math.sqrt(squares);
}

/** float32 kernels that Keras has normalised stretch by 1 up to this. */
const tolerance = 1e-4;

/** Says where a kernel of Keras' is not what this package would normalise it to: after an update there, for example. */
export function warnOfStretch(name: string, layer: SpectralNormalization, contents: Contents): void {
  const stretch = stretchOf(layer, contents);
  if (!Number.isFinite(stretch)) throw new CudaGanError('CUDA_GAN_VALUE', `layer "${name}" has a kernel of zeros`);
  if (Math.abs(stretch - 1) <= tolerance) return;
  warn(
    'CUDA_GAN_KERAS',
    `layer "${name}": its kernel stretches by ${stretch.toFixed(5)}. Keras uses it as it is, and here spectral normalisation divides it by that: predictions differ by as much`,
  );
}
