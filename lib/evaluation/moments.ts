// Mean and covariance of rows, in float64. The covariance is kept as its triangular root, which the rows give directly (QR
// by Householder reflections): nothing is lost by squaring, so a covariance may be singular, or nearly.
import type { Rows } from './features.js';

/** Of `count` rows x: `rootᵀ · root` = Σ (x - mean)(x - mean)ᵀ; `root` [d, d] is upper triangular. */
export interface Moments {
  readonly count: number;
  readonly mean: Float64Array;
  readonly root: Float64Array;
}

/** Rows that are absorbed at once: a column of them stays in the first-level cache. */
const blockRows = 256;

/** Of some rows, by their numbers. */
export function momentsOf({ dimension, data }: Rows, rows: Int32Array): Moments {
  const mean = new Float64Array(dimension);
  for (const row of rows) for (let j = 0; j < dimension; j++) mean[j]! += data[row * dimension + j]!;
  for (let j = 0; j < dimension; j++) mean[j]! /= rows.length;
  const root = new Float64Array(dimension * dimension);
  for (let begin = 0; begin < rows.length; begin += blockRows) {
    const height = Math.min(blockRows, rows.length - begin);
    const columns = Array.from({ length: dimension }, (_, j) => {
      const column = new Float64Array(height);
      for (let i = 0; i < height; i++) column[i] = data[rows[begin + i]! * dimension + j]! - mean[j]!;
      return column;
    });
    absorb(root, columns);
  }
  return { count: rows.length, mean, root };
}

/** Those of the rows of all `parts` together (Chan, Golub & LeVeque 1983). */
export function combined(parts: readonly Moments[]): Moments {
  const dimension = parts[0]!.mean.length;
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const mean = new Float64Array(dimension);
  for (const part of parts) for (let j = 0; j < dimension; j++) mean[j]! += (part.count / count) * part.mean[j]!;
  const root = new Float64Array(dimension * dimension);
  for (const part of parts) {
    absorb(
      root,
      Array.from({ length: dimension }, (_, j) => columnOf(part.root, j)),
    );
  }
  absorb(
    root,
    Array.from({ length: dimension }, (_, j) =>
      Float64Array.from(parts, (part) => Math.sqrt(part.count) * (part.mean[j]! - mean[j]!)),
    ),
  );
  return { count, mean, root };
}

/** Column j of an upper triangle, down to the diagonal. */
function columnOf(root: Float64Array, j: number): Float64Array {
  const dimension = Math.sqrt(root.length);
  return Float64Array.from({ length: j + 1 }, (_, i) => root[i * dimension + j]!);
}

/**
 * Makes `root` that of its rows and further ones, given by their columns, which are overwritten. A column may be longer than
 * those before it, which are then zero below. Each column is reflected onto the diagonal (Golub & Van Loan, 5.2).
 */
function absorb(root: Float64Array, columns: readonly Float64Array[]): void {
  const dimension = columns.length;
  for (let j = 0; j < dimension; j++) {
    const column = columns[j]!;
    const height = column.length;
    let below = 0;
    for (let i = 0; i < height; i++) below += column[i]! * column[i]!;
    if (below === 0) continue;
    const diagonal = root[j * dimension + j]!;
    const norm = Math.sqrt(diagonal * diagonal + below);
    const reflected = diagonal > 0 ? -norm : norm;
    const first = diagonal - reflected;
    const scale = 2 / (first * first + below);
    root[j * dimension + j] = reflected;
    for (let k = j + 1; k < dimension; k++) {
      const other = columns[k]!;
      let product = first * root[j * dimension + k]!;
      for (let i = 0; i < height; i++) product += column[i]! * other[i]!;
      product *= scale;
      root[j * dimension + k]! -= product * first;
      for (let i = 0; i < height; i++) other[i]! -= product * column[i]!;
    }
  }
}
