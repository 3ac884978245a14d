// What can be compared: autoencoders, and the presets of GANs.
import { named } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { type PresetName, presets } from '../gan/presets.js';

export const coderNames = ['autoencoder', 'vae', 'cvae'] as const;
/** Autoencoders that can be compared. @useDeclaredType */
export type CoderName = (typeof coderNames)[number];

/** A name of `coderNames`, or of a preset. */
export type ContenderName = CoderName | PresetName;

export interface Contender {
  readonly name: ContenderName;
  /** What it is called. */
  readonly title: string;
  /** Whether it is given the classes of images. */
  readonly conditional: boolean;
  /** Images per step. */
  readonly batchSize: number;
}

const coders: Readonly<Record<CoderName, Omit<Contender, 'name'>>> = {
  autoencoder: { title: 'autoencoder', conditional: false, batchSize: 100 },
  vae: { title: 'VAE', conditional: false, batchSize: 100 },
  cvae: { title: 'VAE with classes', conditional: true, batchSize: 100 },
};

const contenders: Readonly<Record<string, Omit<Contender, 'name'>>> = {
  ...coders,
  ...Object.fromEntries(Object.keys(presets).map((name) => [name, contenderOf(name as PresetName)])),
};

/** All names. */
export const contenderNames = Object.keys(contenders) as readonly ContenderName[];

/** The dense networks as the article trains them, the convolutional ones as their papers do, about. */
function contenderOf(preset: PresetName): Omit<Contender, 'name'> {
  const { networks, conditioning } = presets[preset];
  const title = preset === 'mlp' ? "GAN mlp (the article's)" : `GAN ${preset}`;
  return { title, conditional: conditioning !== undefined, batchSize: networks === 'mlp' ? 32 : 64 };
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name. */
export function contender(name: ContenderName): Contender {
  return { name, ...named('model to compare', contenders, name) };
}

export function isCoder(name: ContenderName): name is CoderName {
  return (coderNames as readonly string[]).includes(name);
}

/** An autoencoder, a VAE, the article's GAN, a DCGAN, and the preset that makes the best images. */
export function defaultContenders({ labelled }: { readonly labelled: boolean }): readonly ContenderName[] {
  return ['autoencoder', 'vae', 'mlp', 'dcgan', labelled ? 'projection' : 'r3gan'];
}

/**
 * The names, each once and known.
 * @throws CudaGanError `CUDA_GAN_VALUE` for others; `CUDA_GAN_DATA` for those that need classes where the data has none.
 */
export function requireContenders(
  names: readonly ContenderName[],
  { labelled }: { readonly labelled: boolean },
): readonly Contender[] {
  if (!Array.isArray(names) || names.length === 0) {
    throw new CudaGanError('CUDA_GAN_VALUE', `models must be an array of names: ${contenderNames.join(', ')}`);
  }
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw new CudaGanError('CUDA_GAN_VALUE', `models has "${repeated}" twice`);
  const found = names.map(contender);
  const unable = found.find(({ conditional }) => conditional && !labelled);
  if (unable === undefined) return found;
  throw new CudaGanError('CUDA_GAN_DATA', `${unable.title} needs classes, and the images come without labels`);
}

/** All that such data has what they need. */
export function contendersFor({ labelled }: { readonly labelled: boolean }): readonly ContenderName[] {
  return contenderNames.filter((name) => labelled || !contender(name).conditional);
}
