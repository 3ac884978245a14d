// What makes images of noise, whatever it was trained by.
import { kindOf } from '../checks.js';
import type { PixelRange } from '../models/pixel-range.js';
import type { OwnFloat32Array, Shape, Tensor } from '../tensor.js';
import type { GenerateOptions, NoiseOptions } from './sampling.js';

/** A GAN, a VAE, and any object that does the same. */
export interface ImageSource {
  /** Height, width, channels. */
  readonly imageShape: Shape;
  /** Length of a noise vector. */
  readonly latentDim: number;
  /** Number of classes; undefined where there are none, or nobody knows how many. */
  readonly classes: number | undefined;
  /** Whether the class of an image can be chosen. */
  readonly takesLabels: boolean;
  /** What is black and white in its images. */
  readonly pixelRange: PixelRange;
  /** Images [count, ...imageShape]. */
  generate(count: number, options?: GenerateOptions): Promise<Tensor<OwnFloat32Array>>;
  /** The noise, [count, latentDim], that `generate` with the same options makes its images of. */
  noise(count: number, options?: NoiseOptions): Promise<Tensor<OwnFloat32Array>>;
}

const methods = ['generate', 'noise'] as const;

/** @internal */
export function isImageSource(value: unknown): value is ImageSource {
  return kindOf(value) === 'Object' && methods.every((name) => typeof (value as ImageSource)[name] === 'function');
}
