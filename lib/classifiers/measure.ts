// What a classifier makes of images whose classes are known: the report, and the mistakes.
import { type ClassificationReport, classificationReport } from '../evaluation/classification-report.js';
import type { Tensor } from '../tensor.js';
import type { TrainedClassifier } from './trained.js';

/** An image that is taken for another class. */
export interface Mistake {
  /** Place among the images. */
  readonly row: number;
  /** Number of its class. */
  readonly label: number;
  /** What it is taken for. */
  readonly predicted: number;
  /** Of that. */
  readonly probability: number;
}

export interface Measured {
  readonly report: ClassificationReport;
  /** The surest first. */
  readonly mistakes: readonly Mistake[];
}

const batchSize = 256;

/**
 * Images [n, ...imageShape] with class numbers [n].
 * @throws CudaGanError `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for images and labels that the model has not, and outputs that are no
 * probabilities.
 */
export async function measureClassifier(
  { model, classes }: Pick<TrainedClassifier, 'model' | 'classes'>,
  images: Tensor,
  labels: Tensor<Int32Array>,
): Promise<Measured> {
  const probabilities = await model.predict(images, { batchSize });
  const report = classificationReport(labels, probabilities, { classNames: classes });
  const mistakes = Array.from(labels.data, (label, row): Mistake => {
    const [{ number, probability }] = ranked(probabilities.data, row, classes.length) as [RankedClass];
    return { row, label, predicted: number, probability };
  }).filter(({ label, predicted }) => label !== predicted);
  return { report, mistakes: mistakes.sort((a, b) => b.probability - a.probability) };
}

export interface RankedClass {
  readonly number: number;
  readonly probability: number;
}

/** The classes of row number `row` of probabilities [n, classes], the most probable first; of equal ones the first. */
export function ranked(data: ArrayLike<number>, row: number, classes: number): readonly RankedClass[] {
  const all = Array.from({ length: classes }, (_, number) => ({ number, probability: data[row * classes + number]! }));
  return all.sort((a, b) => b.probability - a.probability);
}
