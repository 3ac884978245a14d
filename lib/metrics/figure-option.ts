// The option that all metrics of sums take.
import { nonEmptyText } from '../checks.js';
import type { FigureOptions } from './metric.js';

/** @throws CudaGanError `CUDA_GAN_VALUE` unless it is a text, or not given. */
export function figureOption({ figure }: FigureOptions): string | undefined {
  return figure === undefined ? undefined : nonEmptyText('figure', figure);
}
