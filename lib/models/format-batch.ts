// Shapes of batches as Keras writes them.
import type { Shape } from '../tensor.js';

/** `(None, 28, 28, 1)`; several are joined by commas. */
export function formatBatches(shapes: readonly Shape[]): string {
  return shapes.map((shape) => `(${['None', ...shape].join(', ')})`).join(', ');
}
