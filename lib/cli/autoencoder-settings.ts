// What a run of `cuda-gan train` of an autoencoder is: the options of the command and of its `--config` file put together, as
// plain data that the run's folder keeps, for `--resume`.
import type { Command } from 'commander';
import { type AutoencoderOptions, autoencoderOptionNames } from '../autoencoders/autoencoder.js';
import { type VaeOptions, vaeOptionNames } from '../autoencoders/vae.js';
import { wholeNumber } from '../checks.js';
import type { DeviceChoice } from '../devices/names.js';
import { type FitOptions, planFit } from '../models/fit-options.js';
import { type OptionNames, pick } from '../options.js';
import { readConfig } from './config-file.js';
import { type DataOptions, dataOptionsIn, foundAgain } from './data-options.js';
import { type AutoencoderKind, autoencoderKinds } from './model-kinds.js';
import type { TrainCommandOptions, TrainSettings } from './train-settings.js';

/** What the training of an autoencoder takes in a file. */
type TrainingOptions = Pick<FitOptions, 'batchSize' | 'epochs' | 'checkpointInterval' | 'shuffle'>;

const trainingNames: OptionNames<TrainingOptions> = {
  batchSize: true,
  epochs: true,
  checkpointInterval: true,
  shuffle: true,
};

/** What is made here: the images say their shape and how many classes there are. */
const { classes, imageShape, ...vaeNames } = vaeOptionNames;
const { imageShape: _, ...autoencoderNames } = autoencoderOptionNames;

type ModelOptions = Omit<VaeOptions & AutoencoderOptions, 'device'> & { readonly device?: DeviceChoice };

/** Plain data. */
export interface AutoencoderSettings {
  readonly model: AutoencoderKind;
  readonly training: TrainingOptions & { readonly epochs: number; readonly batchSize: number };
  /** Of the model, its networks as in a file. */
  readonly options: ModelOptions;
  readonly data: DataOptions;
  /** Epochs between two measurements of what a VAE draws. */
  readonly metricsInterval?: number;
  readonly out: string;
  readonly overwrite: boolean;
  readonly json: boolean;
}

const trainingFlags = ['batchSize', 'epochs', 'checkpointInterval'];
const modelFlags = ['networks', 'latentDim', 'binarize', 'beta', 'seed', 'threads', 'precision', 'device'];

/**
 * What is on the command line goes before what the file says, and that before the command's defaults.
 * @throws CudaGanError `CUDA_GAN_VALUE` for an option that does not exist or is not allowed, `CUDA_GAN_FILE` for a file that
 * cannot be read.
 */
export async function autoencoderSettings(
  options: TrainCommandOptions,
  command: Command,
): Promise<AutoencoderSettings> {
  const { model: kind, out, overwrite = false, json = false } = options;
  const model = kind as AutoencoderKind;
  const modelNames = (model === 'autoencoder' ? autoencoderNames : vaeNames) as OptionNames<ModelOptions>;
  const names = { model: modelNames, training: trainingNames };
  const config = options.config === undefined ? { model: {}, training: {} } : await readConfig(options.config, names);
  const isTyped = (name: string) => command.getOptionValueSource(name) === 'cli';
  // Networks that a file has leave no choice of others.
  const ownNetworks = 'encoder' in config.model || 'decoder' in config.model;
  const defaults = pick(options, ownNetworks ? modelFlags.filter((name) => name !== 'networks') : modelFlags);
  const settings = {
    model,
    training: {
      batchSize: 100,
      ...pick(options, trainingFlags),
      ...config.training,
      ...pick(options, trainingFlags.filter(isTyped)),
    },
    options: { ...defaults, ...config.model, ...pick(options, modelFlags.filter(isTyped)) },
    data: dataOptionsIn(options),
    ...pick(options, ['metricsInterval']),
    out: out ?? `runs/${model}`,
    overwrite,
    json,
  } as AutoencoderSettings;
  planFit(settings.training);
  return settings;
}

export function isAutoencoderRun(settings: TrainSettings | AutoencoderSettings): settings is AutoencoderSettings {
  return 'model' in settings && autoencoderKinds.includes(settings.model);
}

/** With what is only known once the run has begun: it is the same run then that is resumed. */
export function begunAutoencoder(settings: AutoencoderSettings, seed: number): AutoencoderSettings {
  return { ...settings, options: { ...settings.options, seed }, data: foundAgain(settings.data) };
}

/** As it was begun, but for what may be given anew. @throws CudaGanError `CUDA_GAN_VALUE` for fewer epochs. */
export function resumedAutoencoder(
  begun: AutoencoderSettings,
  folder: string,
  { device, threads, epochs, json = false }: Partial<TrainCommandOptions>,
): AutoencoderSettings {
  const least = begun.training.epochs;
  return {
    ...begun,
    out: folder,
    json,
    options: { ...begun.options, ...(device && { device }), ...(threads && { threads }) },
    training: { ...begun.training, epochs: epochs === undefined ? least : wholeNumber('--epochs', epochs, least) },
  };
}
