// Recall: how many of those that are there were found.
import { type ClassFigureOptions, classFigure, ratio } from './class-counts.js';
import type { AccumulatingMetric } from './metric.js';

/**
 * Hits / present, 0 where none is there: Keras' `Recall`. Outputs, targets and defaults are as those of `precision`.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option.
 */
export function recall(options?: ClassFigureOptions): AccumulatingMetric {
  const figure = { name: 'recall', average: 'micro' } as const;
  return classFigure({ ...figure, figure: ({ hits, present }) => ratio(hits, present) }, options);
}
