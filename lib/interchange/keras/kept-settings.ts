// What models of this package have and Keras has not, kept in its files where Keras does not look.
import type { Model } from '../../models/model.js';
import type { PixelRange } from '../../models/pixel-range.js';
import { packageVersion } from '../../package-info.cjs';
import { recordsIn } from './kept-records.js';
import { type Dialect, requireRecord } from './keras-object.js';

/** Under the name `cuda_gan`. @param dialect of the file's config; that of Keras 2 has no names of records. */
export function keptSettings(model: Model, dialect: Dialect): Readonly<Record<string, unknown>> {
  const { seed, pixelRange } = model;
  const records = dialect === 'keras2' ? recordsIn(model) : {};
  return {
    version: packageVersion(),
    seed,
    ...(pixelRange !== undefined && { pixelRange }),
    ...(Object.keys(records).length > 0 && { records }),
  };
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for settings that are none. */
export function settingsFrom(given: unknown): { readonly seed?: number; readonly pixelRange?: PixelRange } {
  if (given === undefined) return {};
  const { seed, pixelRange } = requireRecord('cuda_gan', given);
  return {
    ...(seed !== undefined && { seed: seed as number }),
    ...(pixelRange !== undefined && { pixelRange: pixelRange as PixelRange }),
  };
}

/** Who wrote a file: this package, as the version of Keras that it names does, or Keras. */
export function writerOf(kerasVersion: unknown, kept: unknown): string {
  const keras = `Keras ${typeof kerasVersion === 'string' ? kerasVersion : 'of an unknown version'}`;
  if (kept === undefined) return keras;
  return `cuda-gan ${String(requireRecord('cuda_gan', kept).version)}, as ${keras} does`;
}
