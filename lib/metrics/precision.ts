// Precision: how many of those that were predicted are right.
import { type ClassFigureOptions, classFigure, ratio } from './class-counts.js';
import type { AccumulatingMetric } from './metric.js';

/**
 * Hits / predicted, 0 where nothing was predicted: Keras' `Precision`. Of outputs [.., 1], one probability, or [.., classes],
 * with targets of that shape or class numbers; targets above a half count as 1. By default `threshold` is 0.5 and `average`
 * `micro`, as in Keras; with `topK: 1` the most probable class is what counts. All samples count alike.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option.
 */
export function precision(options?: ClassFigureOptions): AccumulatingMetric {
  const figure = { name: 'precision', average: 'micro' } as const;
  return classFigure({ ...figure, figure: ({ hits, predicted }) => ratio(hits, predicted) }, options);
}
