// What a run of `cuda-gan train` of a GAN is: the options of the command and of its `--config` file put together, as plain data that
// the run's folder keeps, for `--resume`.
import type { Command } from 'commander';
import type { CodersName } from '../autoencoders/networks/index.js';
import type { DeviceChoice } from '../devices/names.js';
import { CudaGanError } from '../errors.js';
import { compose } from '../gan/composition.js';
import { type GanOptions, ganOptionNames } from '../gan/gan-options.js';
import { presets } from '../gan/presets.js';
import { planTraining, type TrainOptions, trainOptionNames } from '../gan/train-options.js';
import { pick, withoutUndefined } from '../options.js';
import { readConfig } from './config-file.js';
import { type DataOptions, dataOptionsIn, foundAgain } from './data-options.js';
import type { ModelKind } from './model-kinds.js';

/** What commander makes of the command line. */
export interface TrainCommandOptions extends DataOptions, TrainFlags, GanFlags {
  readonly model: ModelKind;
  readonly epochs?: number;
  readonly networks?: CodersName;
  readonly binarize?: boolean;
  readonly beta?: number;
  readonly config?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly resume?: string;
}

type TrainFlags = Pick<
  TrainOptions,
  'steps' | 'batchSize' | 'sampleInterval' | 'pretrainSteps' | 'checkpointInterval' | 'metricsInterval' | 'overwrite'
>;
type GanFlags = Pick<GanOptions, 'preset' | 'latentDim' | 'seed' | 'threads' | 'precision'> & {
  readonly device?: DeviceChoice;
};

const trainFlags = [
  'steps',
  'batchSize',
  'sampleInterval',
  'pretrainSteps',
  'checkpointInterval',
  'metricsInterval',
  'overwrite',
] as const satisfies readonly (keyof TrainFlags)[];
const ganFlags = [
  'preset',
  'latentDim',
  'seed',
  'threads',
  'precision',
  'device',
] as const satisfies readonly (keyof GanFlags)[];
/** Plain data. */
export interface TrainSettings {
  readonly training: TrainFlags & { readonly steps: number };
  /** Options of a GAN, its networks as in a file. */
  readonly gan: Omit<GanOptions, 'device'> & { readonly device?: DeviceChoice };
  readonly data: DataOptions;
  readonly out: string;
  readonly json: boolean;
}

/**
 * What is on the command line goes before what the file says, and that before the command's defaults.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what the options of `new GAN` and `train` do not allow, `CUDA_GAN_FILE` for a file
 * that cannot be read.
 */
export async function trainSettings(options: TrainCommandOptions, command: Command): Promise<TrainSettings> {
  const config =
    options.config === undefined ? { model: {}, training: {} } : await readConfig(options.config, configNames);
  const isTyped = (name: string) => command.getOptionValueSource(name) === 'cli';
  const settings = {
    training: {
      batchSize: 32,
      ...pick(options, trainFlags),
      ...config.training,
      ...pick(options, trainFlags.filter(isTyped)),
    },
    gan: { ...pick(options, ganFlags), ...config.model, ...pick(options, ganFlags.filter(isTyped)) },
    data: dataOptionsIn(options),
    out: options.out ?? 'runs/mnist',
    json: options.json ?? false,
  } as TrainSettings;
  requirePlan(settings);
  return settings;
}

// What no file can hold, what `--out` says, and a second name for steps.
const {
  callbacks,
  epochs,
  heldOut,
  metricsNetwork,
  onBalance,
  onProgress,
  onSample,
  outDir,
  signal,
  ...trainingNames
} = trainOptionNames;
/** @internal */
export const configNames = { model: ganOptionNames, training: trainingNames };

/** With what is only known once the run has begun: it is the same run then that is resumed. */
export function begunSettings(settings: TrainSettings, seed: number): TrainSettings {
  return { ...settings, gan: { ...settings.gan, seed }, data: foundAgain(settings.data) };
}

/** Finds what is wrong before any data is read. */
function requirePlan({ training, gan, out }: TrainSettings): void {
  const preset = presets[gan.preset ?? 'mlp'];
  if (preset === undefined) return;
  const { updates, objective, regularizers } = gan;
  const composition = compose({ ...preset, ...withoutUndefined({ updates, objective, regularizers }) });
  planTraining({ ...training, outDir: out }, composition.updates);
}

const resumeFlags = ['resume', 'steps', 'epochs', 'device', 'threads', 'json'];

export type ResumeFlags = Partial<Pick<TrainCommandOptions, 'steps' | 'epochs' | 'device' | 'threads' | 'json'>>;

/** What may be given anew to a run that is resumed. @throws CudaGanError `CUDA_GAN_VALUE` for any other option. */
export function resumeFlagsOf(options: TrainCommandOptions, command: Command): ResumeFlags {
  const typed = Object.keys(options).filter((name) => command.getOptionValueSource(name) === 'cli');
  const wrong = typed.find((name) => !resumeFlags.includes(name));
  if (wrong === undefined)
    return pick(
      options,
      resumeFlags.filter((name) => name !== 'resume' && typed.includes(name)),
    );
  const flag = command.options.find((option) => option.attributeName() === wrong)!.long;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `${flag} cannot be changed in a run that is resumed; with --resume only --steps or --epochs, --device, --threads and --json are allowed`,
  );
}
