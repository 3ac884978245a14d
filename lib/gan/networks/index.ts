// Pairs of networks that make a GAN, by name.
import { kindOf, named, notAllowed } from '../../checks.js';
import type { Model, Prediction } from '../../models/model.js';
import { checkOptions } from '../../options.js';
import { cnnDiscriminator, cnnGenerator } from './cnn.js';
import {
  type DcganDiscriminatorOptions,
  type DcganGeneratorOptions,
  dcganDiscriminator,
  dcganGenerator,
} from './dcgan.js';
import { mlpDiscriminator, mlpGenerator } from './mlp.js';
import type { DiscriminatorOptions, NetworkOptions } from './options.js';

export type { DcganDiscriminatorOptions, DcganGeneratorOptions } from './dcgan.js';
export type { Conditioning, DiscriminatorOptions, NetworkOptions } from './options.js';
export { cnnDiscriminator, cnnGenerator, dcganDiscriminator, dcganGenerator, mlpDiscriminator, mlpGenerator };

const networks = {
  /** The article's script. */
  mlp: { generator: mlpGenerator, discriminator: mlpDiscriminator },
  /** The article's networks for images. */
  cnn: { generator: cnnGenerator, discriminator: cnnDiscriminator },
  dcgan: { generator: dcganGenerator, discriminator: dcganDiscriminator },
};

/** Pairs of a generator and a discriminator that are made by name. @useDeclaredType */
export type NetworksName = keyof typeof networks;

/** What the GAN itself says of its networks. */
type Settled = 'imageShape' | 'latentDim' | 'conditioning' | 'classes' | 'seed' | 'outputActivation';

/** Networks by name, or with options of their own. */
export type NetworksSpec =
  | NetworksName
  | {
      /** Which pair. */
      readonly name: NetworksName;
      /** What the numbers of hidden units and channels are multiplied by. Default 1. */
      readonly width?: number | undefined;
      /** Further options of the generator's function, `dcganGenerator` say. */
      readonly generator?: Omit<DcganGeneratorOptions, Settled> | undefined;
      /** Further options of the discriminator's function. */
      readonly discriminator?: Omit<DcganDiscriminatorOptions, Settled> | undefined;
    };

export interface Networks {
  generator(options: NetworkOptions): Model<Prediction>;
  discriminator(options: DiscriminatorOptions): Model<Prediction>;
}

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option. */
export function toNetworks(wanted: NetworksSpec): Networks {
  const given = typeof wanted === 'string' ? { name: wanted } : wanted;
  if (kindOf(given) !== 'Object') {
    throw notAllowed('networks', wanted, `${Object.keys(networks).join(', ')}, and objects with name and options`);
  }
  const options = checkOptions('networks', given, { name: true, width: true, generator: true, discriminator: true });
  const { name, width, generator, discriminator } = options;
  const pair = named<Networks>('networks', networks, name);
  return {
    generator: (settled) => pair.generator({ width, ...generator, ...settled }),
    discriminator: (settled) => pair.discriminator({ width, ...discriminator, ...settled }),
  };
}
