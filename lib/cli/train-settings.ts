// What a run of `cuda-gan train` is: the options of the command and of its `--config` file put together, as plain data that
// the run's folder keeps, for `--resume`.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { DeviceChoice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { compose } from '../gan/composition.js';
import type { GanOptions } from '../gan/gan-options.js';
import { presets } from '../gan/presets.js';
import { planTraining, type TrainOptions } from '../gan/train-options.js';
import { withoutUndefined } from '../options.js';
import { readConfig } from './config-file.js';
import type { DataOptions } from './data-options.js';

/** What commander makes of the command line. */
export interface TrainCommandOptions extends DataOptions, TrainFlags, GanFlags {
  readonly config?: string;
  readonly out: string;
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
const dataFlags = ['data', 'imageSize', 'channels', 'fit', 'strict'] as const satisfies readonly (keyof DataOptions)[];

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
  const config = options.config === undefined ? { gan: {}, training: {} } : await readConfig(options.config);
  const isTyped = (name: string) => command.getOptionValueSource(name) === 'cli';
  const settings = {
    training: { ...pick(options, trainFlags), ...config.training, ...pick(options, trainFlags.filter(isTyped)) },
    gan: { ...pick(options, ganFlags), ...config.gan, ...pick(options, ganFlags.filter(isTyped)) },
    data: pick(options, dataFlags),
    out: options.out,
    json: options.json ?? false,
  } as TrainSettings;
  requirePlan(settings);
  return settings;
}

/** With what is only known once the run has begun: it is the same run then that is resumed. */
export function begunSettings(settings: TrainSettings, seed: number): TrainSettings {
  const { data } = settings.data;
  return {
    ...settings,
    gan: { ...settings.gan, seed },
    data: { ...settings.data, ...(data !== undefined && { data: resolve(data) }) },
  };
}

/** Finds what is wrong before any data is read. */
function requirePlan({ training, gan, out }: TrainSettings): void {
  const preset = presets[gan.preset ?? 'mlp'];
  if (preset === undefined) return;
  const { updates, objective, regularizers } = gan;
  const composition = compose({ ...preset, ...withoutUndefined({ updates, objective, regularizers }) });
  planTraining({ ...training, outDir: out }, composition.updates);
}

const resumeFlags = ['resume', 'steps', 'device', 'threads', 'json'];

/** What may be given anew to a run that is resumed. @throws CudaGanError `CUDA_GAN_VALUE` for any other option. */
export function resumeSettings(
  options: TrainCommandOptions,
  command: Command,
): Partial<Pick<TrainCommandOptions, 'steps' | 'device' | 'threads' | 'json'>> {
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
    `${flag} cannot be changed in a run that is resumed; with --resume only --steps, --device, --threads and --json are allowed`,
  );
}

function pick<Options extends object>(options: Options, names: readonly string[]): Partial<Options> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name))) as Partial<Options>;
}
