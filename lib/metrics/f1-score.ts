// F1: the harmonic mean of precision and recall (van Rijsbergen, Information Retrieval, 1979).
import { type ClassFigureOptions, classFigure, ratio } from './class-counts.js';
import type { AccumulatingMetric } from './metric.js';

/**
 * 2 hits / (predicted + present), 0 where both are none: Keras' `F1Score`, but for the 1e-7 that it adds to divisors. Outputs and
 * targets are as those of `precision`. By default, of several classes the most probable counts, as in Keras, of one
 * probability what is above 0.5, and `average` is `macro`.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option.
 */
export function f1Score(options?: ClassFigureOptions): AccumulatingMetric {
  return classFigure(
    {
      name: 'f1Score',
      average: 'macro',
      predicted: (columns) => (columns === 1 ? { threshold: 0.5 } : { topK: 1 }),
      figure: ({ hits, predicted, present }) => ratio(2 * hits, predicted + present),
    },
    options,
  );
}
