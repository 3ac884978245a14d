// What all presets take.
import { seedNumber, shapeOption, wholeNumber } from '../../checks.js';
import { checkOptions, type OptionNames } from '../../options.js';
import { secondSeed } from '../../random/streams.js';
import type { Shape } from '../../tensor.js';

export interface PresetOptions {
  /** Height, width, channels. Default `[28, 28, 1]`. */
  readonly imageShape?: Shape | undefined;
  /** Length of the generator's noise vector. Default 100. */
  readonly latentDim?: number | undefined;
  /** Seed of the initial weights. Default: random. */
  readonly seed?: number | undefined;
}

const optionNames: OptionNames<PresetOptions> = { imageShape: true, latentDim: true, seed: true };

/** @internal */
export function checkPreset(call: string, options: PresetOptions | undefined) {
  const { imageShape = [28, 28, 1], latentDim = 100, seed } = checkOptions(call, options, optionNames);
  return {
    imageShape: shapeOption('imageShape', imageShape),
    latentDim: wholeNumber('latentDim', latentDim, 1),
    seed: seed === undefined ? undefined : seedNumber('seed', seed),
  };
}

/** The seed of a discriminator: not the generator's numbers again, where both have the same. @internal */
export function discriminatorSeed(seed: number | undefined): number | undefined {
  return seed === undefined ? undefined : secondSeed(seed);
}
