// A GAN as plain data, to make it again: from a file, or for a run that is resumed.
import { isBuiltIn } from '../built-in.js';
import { kindOf, notAllowed } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { isSavedLayer, layerFromConfig, type SavedLayer } from '../layers/registry.js';
import { modelConfig } from '../models/config.js';
import { Model, type Prediction } from '../models/model.js';
import type { PlainOptimizer } from '../optimizers/index.js';
import { plainOptimizer } from '../optimizers/plain.js';
import type { OptionNames } from '../options.js';
import { toAugmentation } from './augmentations/index.js';
import type { Composition } from './composition.js';
import type { EmaPlan } from './ema.js';
import type { GanOptions } from './gan-options.js';
import { toObjective } from './objectives/index.js';
import type { Player } from './players.js';
import { toRegularizer } from './regularizers/index.js';
import { type PlainSpec, plainSpec, type Spec } from './spec.js';

/** The networks of a GAN, and its options that are not networks, every part by its name. */
export interface GanConfig {
  /** Structure of the generator, without weights. */
  readonly generator: SavedLayer;
  /** Structure of the discriminator, without weights. */
  readonly discriminator: SavedLayer;
  /** By name, beside its options. */
  readonly objective: PlainSpec<string>;
  /** Of the discriminator, by name, beside their options. */
  readonly regularizers: readonly PlainSpec<string>[];
  /** Augmentations in their order, by name, beside their options. */
  readonly augment: readonly PlainSpec<string>[];
  /** Whether real and generated images move the discriminator in turn or at once. */
  readonly updates: Composition['updates'];
  /** Updates of the discriminator for one of the generator. */
  readonly discriminatorSteps: number;
  /** The averaged generator; false where there is none. */
  readonly ema: EmaPlan | false;
  /** How much telling the class counts, where the discriminator does. */
  readonly classWeight: number;
  /** By name, beside its options. */
  readonly generatorOptimizer: PlainOptimizer;
  /** By name, beside its options. */
  readonly discriminatorOptimizer: PlainOptimizer;
  /** Of the weights and of all random numbers. */
  readonly seed: number;
}

/** Parts of the user's own, which a config has by name only. */
export type OwnParts = Pick<GanOptions, 'objective' | 'regularizers' | 'augment'>;

const ownPartNames: OptionNames<OwnParts> = { objective: true, regularizers: true, augment: true };

/** Where a GAN that is made again is to live, and parts of your own, which its config has by name only. */
export type GanFromConfigOptions = OwnParts & Pick<GanOptions, 'device' | 'threads' | 'precision'>;

/** @internal */
export const fromConfigNames: OptionNames<GanFromConfigOptions> = {
  ...ownPartNames,
  device: true,
  threads: true,
  precision: true,
};

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` when the config of a layer is no plain data. */
export function ganConfig(
  { generator, discriminator }: { readonly generator: Player; readonly discriminator: Player },
  { objective, regularizers, augmentations, updates, discriminatorSteps, ema, classWeight }: Composition,
  seed: number,
): GanConfig {
  return {
    generator: modelConfig(generator.model),
    discriminator: modelConfig(discriminator.model),
    objective: plainSpec(objective),
    regularizers: regularizers.map(plainSpec),
    augment: augmentations.map(plainSpec),
    updates,
    discriminatorSteps,
    ema: ema ?? false,
    classWeight,
    generatorOptimizer: plainOptimizer(generator.optimizer),
    discriminatorOptimizer: plainOptimizer(discriminator.optimizer),
    seed,
  };
}

/**
 * Options that make the GAN again, but for its device.
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE` for a class of layers that is not registered, for what is no config, and for parts that
 * are not those that it names.
 */
export function ganOptions(config: GanConfig, own: OwnParts): GanOptions {
  if (kindOf(config) !== 'Object') throw notAllowed('config', config, 'what gan.getConfig() returns');
  requireNamedParts(config, own);
  return {
    ...(config as object),
    generator: modelOf('generator', config.generator),
    discriminator: modelOf('discriminator', config.discriminator),
    ...own,
  };
}

/** Parts of the user's own stand for those of their names: others would make another GAN. */
function requireNamedParts(config: GanConfig, own: OwnParts): void {
  const { objective, regularizers, augment } = own;
  requireParts('objective', list(objective).map(toObjective), list(config.objective));
  requireParts('regularizers', list(regularizers).map(toRegularizer), config.regularizers);
  requireParts('augment', list(augment).map(toAugmentation), config.augment);
}

function requireParts(option: keyof OwnParts, given: readonly Spec[], wanted: readonly PlainSpec<string>[]): void {
  if (given.length === 0) return;
  const found = given.map((part) => (isBuiltIn(part) ? plainSpec(part) : { name: part.name }));
  const named = given.map((part, i) => (isBuiltIn(part) ? wanted[i] : { name: wanted[i]?.name }));
  if (found.length === wanted.length && JSON.stringify(found) === JSON.stringify(named)) return;
  const inShort = (parts: readonly object[]) => parts.map((part) => JSON.stringify(part)).join(', ') || 'none';
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `${option} is ${inShort(found)}, but the GAN was made with ${inShort(wanted)}: give only parts of your own, under their names`,
  );
}

function list<Item>(given: Item | readonly Item[] | undefined): readonly Item[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : [given as Item];
}

function modelOf(what: string, saved: SavedLayer): Model<Prediction> {
  const layer = isSavedLayer(saved) ? layerFromConfig(saved) : saved;
  if (layer instanceof Model) return layer as Model<Prediction>;
  throw notAllowed(`the ${what} of config`, layer, 'models as gan.getConfig() has them');
}
