// The area under a curve over thresholds: of true positives over false ones, or of precision over recall.
import { builtIn } from '../built-in.js';
import { oneOfTwo, trueOrFalse, wholeNumberIn } from '../checks.js';
import { affine, concat, greater, matmul, reshape, sigmoid } from '../ops/index.js';
import { checkOptions, type OptionNames, withoutUndefined } from '../options.js';
import { sizeOf } from '../tensor.js';
import { ratio } from './class-counts.js';
import { classRows, constantRow, positives } from './class-rows.js';
import { figureOption } from './figure-option.js';
import type { AccumulatingMetric, FigureOptions } from './metric.js';

export interface AucOptions extends FigureOptions {
  /** `roc`: share of the positives that are found over share of the negatives that are. `pr`: precision over recall. Default `roc`. */
  readonly curve?: 'roc' | 'pr' | undefined;
  /** How many, evenly from 0 to 1, 3 to 10000: the more, the closer to the curve. Default 200. */
  readonly thresholds?: number | undefined;
  /** Whether predictions are logits, of which the sigmoid is taken. Default false. */
  readonly fromLogits?: boolean | undefined;
}

const optionNames: OptionNames<AucOptions> = { curve: true, thresholds: true, fromLogits: true, figure: true };

const mostThresholds = 10000;

/** Beyond 0 and 1, as in Keras: all probabilities are above the first threshold, none above the last. */
const beyond = 1e-7;

/**
 * Keras' `AUC`, with its interpolation: trapezoids under the ROC curve; under precision and recall, true positives are
 * taken to grow evenly with those predicted between two thresholds (Davis & Goadrich, The Relationship Between
 * Precision-Recall and ROC Curves, 2006). Predictions are probabilities [..]; targets of the same shape, above a half for
 * positive, or class numbers. Those of several classes are taken together. All samples count alike. 0 without positives, or,
 * under the ROC curve, without negatives.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option.
 */
export function auc(options?: AucOptions): AccumulatingMetric {
  const call = 'metrics.auc';
  const given = withoutUndefined(checkOptions(call, options, optionNames));
  const { curve = 'roc', thresholds: count = 200, fromLogits = false } = given;
  oneOfTwo('curve', curve, 'roc', 'pr');
  wholeNumberIn('thresholds', count, 3, mostThresholds);
  trueOrFalse('fromLogits', fromLogits);
  const thresholds = Float32Array.from({ length: count }, (_, i) => i / (count - 1));
  thresholds[0] = -beyond;
  thresholds[count - 1] = 1 + beyond;
  return builtIn({
    name: 'auc',
    options: { ...given },
    figure: figureOption(given),
    counts: (targets, predictions) => {
      const rows = classRows(call, targets, predictions);
      const size = sizeOf(rows.targets.shape);
      const probabilities = fromLogits ? sigmoid(rows.predictions) : rows.predictions;
      const positive = reshape(positives(rows), [1, size]);
      const kinds = concat([positive, affine(positive, -1, 1)], 0);
      const predicted = greater(reshape(probabilities, [size, 1]), constantRow(probabilities, thresholds));
      return reshape(matmul(kinds, predicted), [2 * count]);
    },
    result: (sums) => {
      const [hits, falseAlarms] = [sums.slice(0, count), sums.slice(count)];
      return curve === 'roc' ? underRoc(hits, falseAlarms) : underPrecisionRecall(hits, falseAlarms);
    },
  });
}

/** Trapezoids over the shares of negatives (Fawcett, An Introduction to ROC Analysis, 2006). By threshold, from 0 on. */
function underRoc(hits: readonly number[], falseAlarms: readonly number[]): number {
  const [positives, negatives] = [hits[0]!, falseAlarms[0]!];
  let area = 0;
  for (let i = 1; i < hits.length; i++) area += (falseAlarms[i - 1]! - falseAlarms[i]!) * (hits[i - 1]! + hits[i]!);
  return ratio(area / 2, positives * negatives);
}

/**
 * Between two thresholds hits are a + s · p of the p predicted, and the area over recall is the integral of hits / p,
 * s · (Δhits + a ln(p₁ / p₂)) / positives (Keras' `interpolate_pr_auc`).
 */
function underPrecisionRecall(hits: readonly number[], falseAlarms: readonly number[]): number {
  const predicted = hits.map((count, i) => count + falseAlarms[i]!);
  let area = 0;
  for (let i = 1; i < hits.length; i++) {
    const [more, fewer] = [predicted[i - 1]!, predicted[i]!];
    const gained = hits[i - 1]! - hits[i]!;
    const slope = ratio(gained, more - fewer);
    const offset = hits[i]! - slope * fewer;
    const growth = more > 0 && fewer > 0 ? Math.log(more / fewer) : 0;
    area += slope * (gained + offset * growth);
  }
  return ratio(area, hits[0]!);
}
