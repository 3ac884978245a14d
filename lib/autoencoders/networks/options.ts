// What the built-in encoders and decoders take.
import { positiveNumber, seedNumber, shapeOption, wholeNumber } from '../../checks.js';
import { secondSeed } from '../../random/streams.js';
import type { Shape } from '../../tensor.js';

export interface CoderOptions {
  readonly imageShape?: Shape | undefined;
  readonly latentDim?: number | undefined;
  /** What the numbers of hidden units and channels are multiplied by. */
  readonly width?: number | undefined;
  /** Number of classes, of networks that are given the class of an image. */
  readonly classes?: number | undefined;
  readonly seed: number;
}

/** Options with their defaults. */
export interface CoderPlan {
  readonly imageShape: Shape;
  readonly latentDim: number;
  /** The number of hidden units or channels that so many become. */
  readonly scaled: (units: number) => number;
  readonly classes: number | undefined;
  readonly seeds: { readonly encoder: number; readonly decoder: number };
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for what is not allowed. */
export function planCoders({
  imageShape = [28, 28, 1],
  latentDim = 50,
  width = 1,
  classes,
  seed,
}: CoderOptions): CoderPlan {
  positiveNumber('width', width);
  return {
    imageShape: shapeOption('imageShape', imageShape),
    latentDim: wholeNumber('latentDim', latentDim, 1),
    scaled: (units) => Math.max(1, Math.round(units * width)),
    classes: classes === undefined ? undefined : wholeNumber('classes', classes, 1),
    seeds: { encoder: seedNumber('seed', seed), decoder: secondSeed(seed) },
  };
}
