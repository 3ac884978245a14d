// Which classes are taken for which.
import { wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { checkOptions, type OptionNames } from '../options.js';
import { createTypedArray, type OwnInt32Array, requireTensor, type Tensor } from '../tensor.js';
import { classesOf } from './classes-of.js';
import { requireClassNumbers, requireCount } from './features.js';

/** What `confusionMatrix` takes. */
export interface ConfusionMatrixOptions {
  /** Number of classes, at least 2. Default: the columns of probabilities; of class numbers, one more than the greatest of both. */
  readonly classes?: number | undefined;
}

const optionNames: OptionNames<ConfusionMatrixOptions> = { classes: true };

/** As many classes as a matrix may have: it is held whole. */
const mostClasses = 4096;

/**
 * How often samples of each class (row) are taken for each class (column), int32 [classes, classes]: labels are class numbers
 * [n], predictions class numbers [n] or probabilities [n, classes], of which the largest counts, of equal ones the first.
 * @throws CudaGanError `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for others, for none, and where the two do not fit; `CUDA_GAN_VALUE`
 * for a wrong option.
 */
export function confusionMatrix(
  labels: Tensor,
  predictions: Tensor,
  options?: ConfusionMatrixOptions,
): Tensor<OwnInt32Array> {
  const { classes: given } = checkOptions('metrics.confusionMatrix', options, optionNames);
  if (given !== undefined) wholeNumber('classes', given, 2);
  const { shape } = requireTensor('predictions', predictions);
  const isProbable = shape.length === 2;
  const limit = isProbable ? shape[1]! : (given ?? mostClasses);
  requireLimit(limit, given);
  const numbers = isProbable ? classesOf(predictions) : predictions;
  const found = requireClassNumbers('predictions', numbers, limit);
  const wanted = requireClassNumbers('labels', labels, limit);
  requireCount('labels', wanted.length, 1, 'a confusion matrix');
  if (wanted.length !== found.length) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `there are ${wanted.length} labels and ${found.length} predictions: each sample has one of both`,
    );
  }
  const greatest = [wanted, found].map((numbers) => numbers.reduce((most, number) => Math.max(most, number), 1));
  const classes = isProbable ? limit : (given ?? Math.max(...greatest) + 1);
  const counts = createTypedArray('int32', classes ** 2);
  wanted.forEach((label, i) => {
    counts[label * classes + found[i]!]!++;
  });
  return { shape: [classes, classes], data: counts };
}

/** Columns of probabilities and an option must say the same. */
function requireLimit(limit: number, given: number | undefined): void {
  if (given !== undefined && given !== limit) {
    throw new CudaGanError('CUDA_GAN_VALUE', `classes is ${given}; predictions are probabilities of ${limit} classes`);
  }
  if (limit > mostClasses) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `there are ${limit} classes; a confusion matrix has ${mostClasses} at most`,
    );
  }
}
