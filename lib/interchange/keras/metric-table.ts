// Metrics as Keras has them, with their options: one entry for each of this package's.
import { inWords } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import type { MetricName } from '../../metrics/index.js';
import type { Shape } from '../../tensor.js';
import type { KerasConfig } from './keras-object.js';

type Options = Readonly<Record<string, unknown>>;

/** What a metric looks at. */
export interface MeasuredOutput {
  /** Of a sample; undefined before the model is built. */
  readonly shape: Shape | undefined;
  /** Whether its targets are class numbers. */
  readonly sparse: boolean;
}

export interface KerasMetric {
  /** Keras' classes, the first of which is written for targets in the shape of the output, the last for class numbers. */
  readonly classes: readonly string[];
  /**
   * Our options as Keras' class takes them.
   * @throws CudaGanError `CUDA_GAN_VALUE` for what it cannot be told.
   */
  write?(options: Options, output: MeasuredOutput): KerasConfig;
  /** Keras' options by our names and values; what is not among them is not supported. */
  readonly options?: Readonly<Record<string, (value: unknown) => Options>>;
  /** Options that only Keras has, and what they must be. */
  readonly only?: Readonly<Record<string, readonly unknown[]>>;
}

/** As Keras takes thresholds of probabilities. */
function requireThreshold(threshold: unknown): void {
  if (threshold === undefined || ((threshold as number) >= 0 && (threshold as number) <= 1)) return;
  throw new CudaGanError('CUDA_GAN_VALUE', `threshold is ${inWords(threshold)}; Keras takes numbers from 0 to 1`);
}

/** Keras' metrics of classes compare targets in the shape of the output. */
function requireDistributions({ sparse }: MeasuredOutput): void {
  if (sparse) throw new CudaGanError('CUDA_GAN_VALUE', 'in Keras it takes no targets that are class numbers');
}

const renamed = (name: string) => (value: unknown) => ({ [name]: value });

/** One number, in Keras a list of one as well. */
function readThreshold(value: unknown): Options {
  const threshold: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (typeof threshold === 'number') return { threshold };
  throw new CudaGanError('CUDA_GAN_VALUE', `thresholds is ${inWords(value)}; supported is one number`);
}

const precisionOrRecall = (className: string): KerasMetric => ({
  classes: [className],
  write: ({ threshold, topK, classId, average = 'micro' }, output) => {
    requireDistributions(output);
    requireThreshold(threshold);
    if (average !== 'micro')
      throw new CudaGanError('CUDA_GAN_VALUE', `average is ${inWords(average)}; Keras has "micro"`);
    return { thresholds: threshold, top_k: topK, class_id: classId };
  },
  options: { thresholds: readThreshold, top_k: renamed('topK'), class_id: renamed('classId') },
});

/** By our names. Keras chooses the class for `accuracy` by targets and predictions, as this package does; its `Accuracy` is another. */
export const metricTable: Readonly<Record<MetricName, KerasMetric>> = {
  accuracy: { classes: [] },
  auc: {
    classes: ['AUC'],
    write: ({ curve, thresholds, fromLogits }, output) => {
      requireDistributions(output);
      const upper = typeof curve === 'string' ? curve.toUpperCase() : undefined;
      return { curve: upper, num_thresholds: thresholds, from_logits: fromLogits };
    },
    options: {
      curve: (value) => ({ curve: String(value).toLowerCase() }),
      num_thresholds: renamed('thresholds'),
      from_logits: renamed('fromLogits'),
    },
    only: { summation_method: ['interpolation'], multi_label: [false] },
  },
  binaryAccuracy: { classes: ['BinaryAccuracy'], only: { threshold: [0.5] } },
  categoricalAccuracy: { classes: ['CategoricalAccuracy'] },
  f1Score: {
    classes: ['F1Score'],
    write: ({ threshold, topK, classId, average = 'macro' }, output) => {
      requireDistributions(output);
      const [columns, ...others] = output.shape ?? [];
      if (columns === undefined || others.length > 0) {
        throw new CudaGanError(
          'CUDA_GAN_VALUE',
          `in Keras it takes vectors, and the output is ${inWords(output.shape)}`,
        );
      }
      if (classId !== undefined) throw new CudaGanError('CUDA_GAN_VALUE', 'Keras has no classId of it');
      if (topK !== undefined && topK !== 1) {
        throw new CudaGanError('CUDA_GAN_VALUE', `topK is ${inWords(topK)}; Keras has 1`);
      }
      // Without a threshold, Keras takes the most probable class.
      const least = threshold ?? (columns === 1 && topK === undefined ? 0.5 : undefined);
      requireThreshold(least);
      if (least === 0) throw new CudaGanError('CUDA_GAN_VALUE', 'threshold is 0; Keras takes numbers above it');
      return { average, threshold: least };
    },
    options: {
      average: (value) => {
        if (value !== null) return { average: value };
        throw new CudaGanError(
          'CUDA_GAN_VALUE',
          'average is null, a figure for each class; supported are micro, macro, weighted',
        );
      },
      threshold: (value) => (value === null ? { topK: 1 } : { threshold: value }),
    },
  },
  meanAbsoluteError: { classes: ['MeanAbsoluteError'] },
  meanSquaredError: { classes: ['MeanSquaredError'] },
  precision: precisionOrRecall('Precision'),
  recall: precisionOrRecall('Recall'),
  sparseCategoricalAccuracy: { classes: ['SparseCategoricalAccuracy'] },
  topKAccuracy: {
    classes: ['TopKCategoricalAccuracy', 'SparseTopKCategoricalAccuracy'],
    write: ({ k }) => ({ k }),
    options: { k: renamed('k') },
    only: { from_sorted_ids: [false] },
  },
};

/** Options of a class that count though a file does not say them: Keras' defaults, which are not ours. */
export const kerasDefaults: Readonly<Record<string, KerasConfig>> = { F1Score: { average: null, threshold: null } };
