// The options of a GAN, checked.
import { instanceOf, inWords, named, oneOf, shapeOption, wholeNumber } from '../checks.js';
import type { Precision } from '../devices/cuda.js';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/names.js';
import { CudaGanError } from '../errors.js';
import { Model, type Prediction } from '../models/model.js';
import { type OptimizerLike, toOptimizer } from '../optimizers/index.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { checkOptions, type OptionNames, withoutUndefined } from '../options.js';
import type { Shape } from '../tensor.js';
import { type Composition, type CompositionOptions, compose } from './composition.js';
import { type NetworksSpec, toNetworks } from './networks/index.js';
import { type Conditioning, conditionings } from './networks/options.js';
import { requireDiscriminator, requireFit, requireGenerator, tellsClasses } from './players.js';
import { type PresetName, presets } from './presets.js';

/** What `new GAN` takes. Every option has a default: `new GAN()` is the article's. */
export interface GanOptions extends CompositionOptions {
  /**
   * Where everything that is not given comes from: networks, objective, optimizers and so on. `cuda-gan presets` lists what
   * there is. Default `mlp`, the article's script.
   */
  readonly preset?: PresetName | undefined;
  /** The networks that are not given. Default: the preset's. */
  readonly networks?: NetworksSpec | undefined;
  /** Length of the noise vector. Default: the generator's input, 100 for networks that are made here. */
  readonly latentDim?: number | undefined;
  /** Shape of an image: height, width, channels. Default: the generator's output, `[28, 28, 1]` for networks made here. */
  readonly imageShape?: Shape | undefined;
  /** How networks that are made here know the classes of images. Default: the preset's, none for most. */
  readonly conditioning?: Conditioning | undefined;
  /** Number of classes of networks that are made here. Default 10. */
  readonly classes?: number | undefined;
  /**
   * Noise `[latentDim]` to image; where images have classes, a second input takes the class, int32 of shape `[]` or `[1]`.
   * Default: that of `networks`.
   */
  readonly generator?: Model<Prediction> | undefined;
  /**
   * Image to one number, the logit or, behind a final sigmoid, the probability that it is real. A second input takes the class;
   * a second output, `[classes]` behind a softmax or without, tells it. Default: that of `networks`.
   * One without a `pixelRange` is given the range of the generator's last activation: `[0, 1]` for a sigmoid, else `[-1, 1]`.
   */
  readonly discriminator?: Model<Prediction> | undefined;
  /** Default: the preset's; for `mlp` Adam with learning rate 0.0002 and beta1 0.5, as in the article. */
  readonly generatorOptimizer?: OptimizerLike | undefined;
  /** Default: the preset's, with a state of its own. */
  readonly discriminatorOptimizer?: OptimizerLike | undefined;
  /** Seed of the networks' weights and of all random numbers, a whole number below 2³². Default: random. */
  readonly seed?: number | undefined;
  /** Default `auto`. */
  readonly device?: Device | DeviceChoice | undefined;
  /** Threads of the cpu device. Default: all physical cores that the process may use. */
  readonly threads?: number | undefined;
  /** Of large matrix products on the cuda device. Default `float32`. */
  readonly precision?: Precision | undefined;
}

/** What `GAN.load` takes: the networks are those of the run. */
export interface GanLoadOptions
  extends Omit<GanOptions, 'networks' | 'conditioning' | 'classes' | 'generator' | 'discriminator'> {
  /**
   * Takes the best generator of a run with `metricsInterval` in place of the last one; the discriminator is the last. Default
   * false.
   */
  readonly best?: boolean | undefined;
}

const compositionNames: OptionNames<CompositionOptions> = {
  objective: true,
  regularizers: true,
  augment: true,
  updates: true,
  discriminatorSteps: true,
  ema: true,
  classWeight: true,
};

const commonNames: OptionNames<Omit<GanLoadOptions, 'best'>> = {
  ...compositionNames,
  preset: true,
  latentDim: true,
  imageShape: true,
  generatorOptimizer: true,
  discriminatorOptimizer: true,
  seed: true,
  device: true,
  threads: true,
  precision: true,
};

/** @internal */
export const loadOptionNames: OptionNames<GanLoadOptions> = { ...commonNames, best: true };

/** @internal */
export const ganOptionNames: OptionNames<GanOptions> = {
  ...commonNames,
  networks: true,
  conditioning: true,
  classes: true,
  generator: true,
  discriminator: true,
};

/** What a GAN is made of. @internal */
export interface GanParts {
  readonly generator: Model<Prediction>;
  readonly discriminator: Model<Prediction>;
  readonly generatorOptimizer: Optimizer;
  readonly discriminatorOptimizer: Optimizer;
  readonly composition: Composition;
}

/**
 * The parts that options ask for, those that are not given from the preset.
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE` for an option that does not exist, or a value that is not allowed; `CUDA_GAN_SHAPE`
 * for networks that do not make a GAN with each other.
 */
export function partsOf(given: GanOptions, seed: number): GanParts {
  const options = checkOptions('new GAN', given, ganOptionNames);
  const preset = named('preset', presets, options.preset ?? 'mlp');
  const composition = compose({ ...preset, ...withoutUndefined(pick<CompositionOptions>(options, compositionNames)) });
  const networks = networksOf(options, composition, seed);
  if (options.classWeight !== undefined) requireAuxiliary(options.classWeight, networks.discriminator);
  const { generatorOptimizer = preset.generatorOptimizer, discriminatorOptimizer = preset.discriminatorOptimizer } =
    options;
  const parts = {
    ...networks,
    generatorOptimizer: toOptimizer(generatorOptimizer),
    discriminatorOptimizer: toOptimizer(discriminatorOptimizer),
    composition,
  };
  if (parts.generatorOptimizer !== parts.discriminatorOptimizer) return parts;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    'both networks have the same optimizer; each needs its own, with its own state',
  );
}

/** The networks that are given, and those that are missing, made to fit them. */
function networksOf(
  options: GanOptions,
  { objective }: Composition,
  seed: number,
): Pick<GanParts, 'generator' | 'discriminator'> {
  const { latentDim, imageShape, generator, discriminator, classes } = options;
  const preset = presets[options.preset ?? 'mlp'];
  if (latentDim !== undefined) wholeNumber('latentDim', latentDim, 1);
  if (imageShape !== undefined) shapeOption('imageShape', imageShape);
  if (options.conditioning !== undefined) oneOf('conditioning', conditionings, options.conditioning);
  for (const [name, model] of Object.entries({ generator, discriminator })) {
    if (model !== undefined) instanceOf(name, model, Model, 'models');
  }
  if (generator !== undefined) requireGenerator(generator);
  if (discriminator !== undefined) requireDiscriminator(discriminator);
  const conditioning = options.conditioning ?? ('conditioning' in preset ? preset.conditioning : undefined);
  if (generator !== undefined && discriminator !== undefined) requireUnused(options);
  else if (conditioning === undefined && classes !== undefined) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `classes is ${inWords(classes)}, but the networks know no classes; give conditioning (${conditionings.join(', ')}), or leave classes out`,
    );
  }
  const networks = toNetworks(options.networks ?? preset.networks);
  const common = { conditioning, classes, seed };
  const shape = imageShape ?? discriminator?.inputShapes[0];
  const maker = generator ?? networks.generator({ ...common, latentDim, imageShape: shape });
  const judge =
    discriminator ??
    networks.discriminator({
      ...common,
      imageShape: maker.outputShape,
      outputActivation: objective.logOdds === true ? 'sigmoid' : 'linear',
    });
  requireFit(maker, judge, { latentDim, imageShape });
  return { generator: maker, discriminator: judge };
}

/** What says how networks are made has no effect where none is. */
function requireUnused(options: GanOptions): void {
  const unused = (['networks', 'conditioning', 'classes'] as const).find((name) => options[name] !== undefined);
  if (unused === undefined) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `${unused} is for networks that are made here, and both are given; leave it out`,
  );
}

function requireAuxiliary(classWeight: number, discriminator: Model): void {
  if (classWeight === 1 || tellsClasses(discriminator)) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `classWeight is ${classWeight}, but the discriminator tells no classes; conditioning 'auxiliaryClassifier' makes one that does`,
  );
}

function pick<Picked extends object>(options: Picked, names: OptionNames<Picked>): Partial<Picked> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(names, name))) as Partial<Picked>;
}
