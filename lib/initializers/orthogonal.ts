// Orthogonal matrices (Saxe, McClelland & Ganguli 2014): the Q of a random normal matrix.
import { finiteNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { checkOptions, type OptionNames } from '../options.js';
import { formatShape, sizeOf } from '../tensor.js';
import { type Draw, fill, type Initializer, randomInitializer, type SeedOptions } from './initializer.js';

/** What `orthogonal` takes. */
export interface OrthogonalOptions extends SeedOptions {
  /** Length of the vectors. Default 1. */
  readonly gain?: number | undefined;
}

const optionNames: OptionNames<OrthogonalOptions> = { gain: true, seed: true };

/**
 * Rows or columns, whichever are fewer, are orthonormal, times `gain` (default 1). A weight of more than two dimensions
 * counts as a matrix with its last one as columns.
 */
export function orthogonal(options?: OrthogonalOptions): Initializer {
  const { gain = 1, seed } = checkOptions('initializers.orthogonal', options, optionNames);
  finiteNumber('gain', gain);
  return randomInitializer('orthogonal', { gain }, seed, orthonormalTimes(gain));
}

function orthonormalTimes(gain: number): Draw {
  return (shape, random) => {
    if (shape.length < 2) {
      throw new CudaGanError('CUDA_GAN_SHAPE', `orthogonal needs at least 2 dimensions, found ${formatShape(shape)}`);
    }
    const columns = shape.at(-1)!;
    const rows = sizeOf(shape) / columns;
    const count = Math.min(rows, columns);
    const length = Math.max(rows, columns);
    const vectors = Array.from({ length: count }, () => Float64Array.from({ length }, () => random.normal()));
    orthonormalize(vectors);
    const element = (row: number, column: number) => (rows < columns ? vectors[row]![column]! : vectors[column]![row]!);
    return fill(shape, (i) => gain * element(Math.floor(i / columns), i % columns));
  };
}

/** Gram-Schmidt in its modified form, twice over: once is not enough against rounding (Giraud et al. 2005). */
function orthonormalize(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, i) => {
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of vectors.slice(0, i)) addScaled(vector, earlier, -dot(vector, earlier));
      const norm = Math.sqrt(dot(vector, vector));
      vector.forEach((value, j) => {
        vector[j] = value / norm;
      });
    }
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function addScaled(target: Float64Array, source: Float64Array, scale: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += scale * source[i]!;
}
