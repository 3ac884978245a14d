// Top-k accuracy: the target's class is among those that are predicted first.
import { builtIn } from '../built-in.js';
import { wholeNumber } from '../checks.js';
import { concat, fill, greater, multiply, reshape, sum } from '../ops/index.js';
import { checkOptions, type OptionNames, withoutUndefined } from '../options.js';
import { ratio, requireClasses } from './class-counts.js';
import { classRows, largest } from './class-rows.js';
import { figureOption } from './figure-option.js';
import type { AccumulatingMetric, FigureOptions } from './metric.js';

export interface TopKAccuracyOptions extends FigureOptions {
  /** Default 5. */
  readonly k?: number | undefined;
}

const optionNames: OptionNames<TopKAccuracyOptions> = { k: true, figure: true };

/**
 * Share of the samples whose class has fewer than k classes with larger predictions: Keras' `TopKCategoricalAccuracy`
 * and `SparseTopKCategoricalAccuracy`. Outputs [.., classes], targets of that shape, of which the largest is the class, or
 * class numbers. All samples count alike; 0 where there are none.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option.
 */
export function topKAccuracy(options?: TopKAccuracyOptions): AccumulatingMetric {
  const call = 'metrics.topKAccuracy';
  const given = withoutUndefined(checkOptions(call, options, optionNames));
  const { k = 5 } = given;
  wholeNumber('k', k, 1);
  return builtIn({
    name: 'topKAccuracy',
    options: { ...given },
    figure: figureOption(given),
    counts: (targets, predictions) => {
      const { targets: shares, predictions: found, classes } = classRows(call, targets, predictions);
      requireClasses(call, 'k', k, classes);
      const rows = found.shape[0]!;
      const ofTarget = sum(multiply(largest(shares, 1), found), [1]);
      const ahead = sum(greater(found, reshape(ofTarget, [rows, 1])), [1]);
      const hits = greater(fill(found.graph, [], k), ahead);
      return concat([reshape(sum(hits), [1]), fill(found.graph, [1], rows)], 0);
    },
    result: ([hits, samples]) => ratio(hits!, samples!),
  });
}
