// The presets: pairs of networks that make a GAN.
import type { Sequential } from '../../models/sequential.js';
import { cnnDiscriminator, cnnGenerator } from './cnn.js';
import { dcganDiscriminator, dcganGenerator } from './dcgan.js';
import { mlpDiscriminator, mlpGenerator } from './mlp.js';
import type { PresetOptions } from './options.js';

export type { PresetOptions };
export { cnnDiscriminator, cnnGenerator, dcganDiscriminator, dcganGenerator, mlpDiscriminator, mlpGenerator };

interface Preset {
  readonly generator: (options?: PresetOptions) => Sequential;
  readonly discriminator: (options?: PresetOptions) => Sequential;
}

export type PresetName = 'mlp' | 'cnn' | 'dcgan';

/** @internal */
export const presets: Readonly<Record<PresetName, Preset>> = {
  /** The article's script. */
  mlp: { generator: mlpGenerator, discriminator: mlpDiscriminator },
  /** The article's networks for images. */
  cnn: { generator: cnnGenerator, discriminator: cnnDiscriminator },
  dcgan: { generator: dcganGenerator, discriminator: dcganDiscriminator },
};
