// How often each class occurs among samples and in the data.
import { wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { checkOptions, type OptionNames } from '../options.js';
import { createTypedArray, type OwnInt32Array, type Tensor } from '../tensor.js';
import { requireClassNumbers, requireCount } from './features.js';
import { upperGamma } from './upper-gamma.js';

/** What `classHistogram` takes. */
export interface ClassHistogramOptions {
  /** Number of classes, at least 2. Default: one more than the greatest class number of both. */
  readonly classes?: number | undefined;
}

/** How often each class occurs, and whether as often as in the data. */
export interface ClassHistogram {
  /** Samples of each class. */
  readonly counts: OwnInt32Array;
  /** Of the data. */
  readonly reference: OwnInt32Array;
  /** Pearson's χ² of both having the same shares. */
  readonly chiSquare: number;
  /** Classes that occur at all, less one. */
  readonly degreesOfFreedom: number;
  /** Probability of at least this χ² for sets of one distribution. */
  readonly pValue: number;
}

const optionNames: OptionNames<ClassHistogramOptions> = { classes: true };

/** What Pearson's test wants every class to be expected at least. */
const leastExpected = 5;

/**
 * Counts the classes [n] of samples and of data, and tests whether both are of one distribution: χ² = Σ (found -
 * expected)² / expected over both sets and all classes, expected being what each set would have of a class by its share
 * in both together (Pearson 1900). Which classes samples have, a classifier must say: `classesOf` of its probabilities.
 * @throws CudaGanError `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for what are no class numbers, are all of one class, or so few that
 * fewer than five of a class are expected; `CUDA_GAN_VALUE` for a wrong option.
 */
export async function classHistogram(
  samples: Tensor,
  reference: Tensor,
  options?: ClassHistogramOptions,
): Promise<ClassHistogram> {
  const { classes: given } = checkOptions('metrics.classHistogram', options, optionNames);
  if (given !== undefined) wholeNumber('classes', given, 2);
  const limit = given ?? 2 ** 20;
  const found = [
    requireClassNumbers('samples', samples, limit),
    requireClassNumbers('reference', reference, limit),
  ] as const;
  requireCount('samples', found[0].length, 1, 'a class histogram');
  requireCount('reference', found[1].length, 1, 'a class histogram');
  const classes =
    given ?? Math.max(...found.map((labels) => labels.reduce((most, label) => Math.max(most, label), 0))) + 1;
  const [counts, referenceCounts] = [countsOf(found[0], classes), countsOf(found[1], classes)];
  return { counts, reference: referenceCounts, ...homogeneity(counts, referenceCounts) };
}

function countsOf(labels: Int32Array, classes: number): OwnInt32Array {
  const counts = createTypedArray('int32', classes);
  for (const label of labels) counts[label]!++;
  return counts;
}

function homogeneity(
  counts: Int32Array,
  reference: Int32Array,
): Pick<ClassHistogram, 'chiSquare' | 'degreesOfFreedom' | 'pValue'> {
  const sets = [counts, reference];
  const sizes = sets.map((set) => set.reduce((sum, count) => sum + count, 0));
  const total = sizes[0]! + sizes[1]!;
  let [chiSquare, present] = [0, 0];
  for (let i = 0; i < counts.length; i++) {
    const both = counts[i]! + reference[i]!;
    if (both === 0) continue;
    present++;
    sets.forEach((set, j) => {
      const expected = (both * sizes[j]!) / total;
      if (expected < leastExpected) throw tooFew(i, expected, j === 0 ? 'samples' : 'reference');
      chiSquare += (set[i]! - expected) ** 2 / expected;
    });
  }
  if (present < 2) {
    throw new CudaGanError('CUDA_GAN_DATA', 'samples and reference are all of one class: there is nothing to compare');
  }
  const degreesOfFreedom = present - 1;
  return { chiSquare, degreesOfFreedom, pValue: upperGamma(degreesOfFreedom / 2, chiSquare / 2) };
}

function tooFew(label: number, expected: number, name: string): CudaGanError {
  return new CudaGanError(
    'CUDA_GAN_DATA',
    `${name} are so few that ${expected.toFixed(1)} of class ${label} are expected; χ² needs at least ${leastExpected} of each`,
  );
}
