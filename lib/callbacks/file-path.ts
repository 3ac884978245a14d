// Paths with figures in them, as Keras writes them: `{epoch:02d}-{valLoss:.2f}`.
import { CudaGanError } from '../errors.js';

const field = /\{(\w+)(?::(?:(0?)(\d+)d|\.(\d+)f))?\}/g;

/**
 * Fills in `{name}`, `{name:4d}` and `{name:04d}` (width, with zeros), `{name:.2f}` (digits after the point).
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE` for a name that there is not.
 */
export function formatPath(pattern: string, values: Readonly<Record<string, number | string>>): string {
  return pattern.replace(field, (_, name: string, zero?: string, width?: string, digits?: string) => {
    const value = Object.hasOwn(values, name) ? values[name]! : undefined;
    if (value === undefined) {
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        `${pattern} has {${name}}; allowed are ${Object.keys(values).join(', ')}`,
      );
    }
    if (digits !== undefined) return Number(value).toFixed(Number(digits));
    return String(value).padStart(Number(width ?? 0), zero === '0' ? '0' : ' ');
  });
}
