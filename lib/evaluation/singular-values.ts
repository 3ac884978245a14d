// The sum of a square matrix' singular values, by Golub and Kahan (1965): reflections from both sides make it bidiagonal,
// and the bidiagonal's singular values are the eigenvalues of a symmetric tridiagonal matrix, found by implicit QL.
import { CudaGanError } from '../errors.js';

/** Of a matrix [n, n], which is overwritten. The error is some 10⁻¹⁶ of the greatest singular value, also where others are 0. */
export function sumOfSingularValues(matrix: Float64Array, n: number): number {
  // [[0, B], [Bᵀ, 0]] with rows and columns in turns has ±σ for eigenvalues, 0 on its diagonal, and B's numbers beside it.
  const beside = bidiagonal(matrix, n);
  const eigenvalues = tridiagonalEigenvalues(new Float64Array(2 * n), beside);
  return eigenvalues.reduce((sum, value) => sum + Math.abs(value), 0) / 2;
}

/** The diagonal of the bidiagonal matrix and what is to the right of it, in turns: 2n numbers, the last of which is 0. */
function bidiagonal(matrix: Float64Array, n: number): Float64Array {
  const numbers = new Float64Array(2 * n);
  const vector = new Float64Array(n);
  const products = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let row = i; row < n; row++) vector[row] = matrix[row * n + i]!;
    const down = reflection(vector, i, n);
    numbers[2 * i] = down.reflected;
    products.fill(0);
    for (let row = i; row < n; row++) {
      const factor = down.scale * vector[row]!;
      for (let column = i + 1; column < n; column++) products[column]! += factor * matrix[row * n + column]!;
    }
    for (let row = i; row < n; row++) {
      for (let column = i + 1; column < n; column++) matrix[row * n + column]! -= vector[row]! * products[column]!;
    }
    if (i + 1 === n) break;
    for (let column = i + 1; column < n; column++) vector[column] = matrix[i * n + column]!;
    const right = reflection(vector, i + 1, n);
    numbers[2 * i + 1] = right.reflected;
    for (let row = i + 1; row < n; row++) {
      let product = 0;
      for (let column = i + 1; column < n; column++) product += vector[column]! * matrix[row * n + column]!;
      product *= right.scale;
      for (let column = i + 1; column < n; column++) matrix[row * n + column]! -= product * vector[column]!;
    }
  }
  return numbers;
}

/**
 * Makes of x = vector[begin .. end) the v of the reflection I - scale · v vᵀ that takes x to (reflected, 0, …, 0).
 */
function reflection(
  vector: Float64Array,
  begin: number,
  end: number,
): { readonly reflected: number; readonly scale: number } {
  let below = 0;
  for (let i = begin + 1; i < end; i++) below += vector[i]! * vector[i]!;
  const first = vector[begin]!;
  if (below === 0) return { reflected: first, scale: 0 };
  const norm = Math.sqrt(first * first + below);
  const reflected = first > 0 ? -norm : norm;
  vector[begin] = first - reflected;
  return { reflected, scale: 2 / ((first - reflected) ** 2 + below) };
}

/** Far more than it takes: two or three are usual. */
const maxIterations = 100;

/**
 * Eigenvalues of the symmetric tridiagonal matrix with `beside[i]` between `diagonal[i]` and the next; the last of `beside`
 * is 0. Both are overwritten. Implicit QL with Wilkinson's shift (Dubrulle, Martin & Wilkinson 1968).
 */
function tridiagonalEigenvalues(diagonal: Float64Array, beside: Float64Array): Float64Array {
  const n = diagonal.length;
  const negligible = Number.EPSILON * Math.max(greatest(diagonal), greatest(beside));
  for (let first = 0; first < n; first++) {
    for (let iteration = 0; ; iteration++) {
      const last = blockEnd(beside, first, negligible);
      if (last === first) break;
      if (iteration === maxIterations) {
        throw new CudaGanError('CUDA_GAN_INTERNAL', 'eigenvalues were not found: the iteration does not converge');
      }
      chase(diagonal, beside, first, last);
    }
  }
  return diagonal;
}

/** One step of QL on the block [first, last]. */
function chase(diagonal: Float64Array, beside: Float64Array, first: number, last: number): void {
  const slope = (diagonal[first + 1]! - diagonal[first]!) / (2 * beside[first]!);
  const root = Math.sqrt(slope * slope + 1);
  let g = diagonal[last]! - diagonal[first]! + beside[first]! / (slope + (slope >= 0 ? root : -root));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = sine * beside[i]!;
    const b = cosine * beside[i]!;
    const r = Math.sqrt(f * f + g * g);
    beside[i + 1] = r;
    if (r === 0) {
      diagonal[i + 1]! -= shift;
      beside[last] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = diagonal[i + 1]! - shift;
    const s = (diagonal[i]! - g) * sine + 2 * cosine * b;
    shift = sine * s;
    diagonal[i + 1] = g + shift;
    g = cosine * s - b;
  }
  diagonal[first]! -= shift;
  beside[first] = g;
  beside[last] = 0;
}

/** The last place of the block that begins at `first`: what couples it to the next is negligible. */
function blockEnd(beside: Float64Array, first: number, negligible: number): number {
  let last = first;
  while (last < beside.length - 1 && Math.abs(beside[last]!) > negligible) last++;
  return last;
}

function greatest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
