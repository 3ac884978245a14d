// `cuda-gan train`: a GAN on MNIST, the article's unless told otherwise.
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { inWords, nonEmptyText } from '../checks.js';
import { chooseDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { requireUnlocked } from '../formats/folder-lock.js';
import { GAN } from '../gan/gan.js';
import type { GanHistory } from '../gan/history.js';
import { presets } from '../gan/presets.js';
import { resumedSteps } from '../gan/resume-options.js';
import { type SavedRun, savedRun } from '../gan/saved-run.js';
import { isSavedLayer, layerFromConfig } from '../layers/registry.js';
import type { Model, Prediction } from '../models/model.js';
import { commandFile, readCommand } from '../runs/run-command.js';
import { isEmptyRun, removeEmptyRun, requireRunFolder, runFiles } from '../runs/run-files.js';
import { newestCheckpoint } from '../training/checkpoints.js';
import { firstDifference } from '../training/same.js';
import type { Training } from '../training/training.js';
import { addDataOptions, loadData } from './data-options.js';
import { exitCodes } from './exit-codes.js';
import { deviceOption, precisionOption, seedOption, threadsOption, wholeNumberFrom } from './options.js';
import { createReporter, type Reporter } from './reporter.js';
import {
  begunSettings,
  resumeSettings,
  type TrainCommandOptions,
  type TrainSettings,
  trainSettings,
} from './train-settings.js';
import type { TrainingData } from './training-data.js';

export function trainCommand(): Command {
  return addDataOptions(new Command('train'))
    .description("Train a GAN on MNIST, the article's by default. Ctrl-C stops after the step under way and saves.")
    .option(
      '--steps <number>',
      'updates of both networks; Infinity trains until Ctrl-C',
      wholeNumberFrom(1, { orInfinity: true }),
      30000,
    )
    .option('--batch-size <number>', 'images per step', wholeNumberFrom(2), 32)
    .option(
      '--sample-interval <number>',
      'steps between two pictures, and between two writes of the models',
      wholeNumberFrom(1),
      200,
    )
    .addOption(
      new Option('--preset <name>', 'networks and how they are trained; `cuda-gan presets` says more')
        .choices(Object.keys(presets))
        .default('mlp'),
    )
    .option('--config <file>', 'JSON with options of new GAN and train; those of the command line go before them')
    .option('--latent-dim <number>', "length of the generator's noise vector (default: 100)", wholeNumberFrom(1))
    .option('--pretrain-steps <number>', 'steps of the discriminator alone at the start', wholeNumberFrom(0), 0)
    .addOption(seedOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(precisionOption())
    .option('--out <folder>', 'where pictures, history, checkpoints and models go', 'runs/mnist')
    .option('--overwrite', 'replace the files of a run that the folder holds', false)
    .option(
      '--checkpoint-interval <number>',
      'steps between two checkpoints (default: one a minute, for at most 1 % of the time)',
      wholeNumberFrom(1),
    )
    .option(
      '--metrics-interval <number>',
      'steps between two measurements of the generator, of which the best is kept (default: none)',
      wholeNumberFrom(1),
    )
    .option(
      '--resume <folder>',
      'go on with the run in that folder, by its own settings; takes --steps to make it longer, --device, --threads, --json',
    )
    .option('--json', "print one JSON object with the run's figures at the end")
    .action(train);
}

async function train(options: TrainCommandOptions, command: Command): Promise<void> {
  for (const name of ['resume', 'data', 'config', 'out'] as const) {
    if (options[name] !== undefined) nonEmptyText(`--${name}`, options[name]);
  }
  if (options.resume === undefined) return begin(await trainSettings(options, command));
  return resume(options.resume, resumeSettings(options, command));
}

async function begin(settings: TrainSettings): Promise<void> {
  const { out, training, json } = settings;
  const stream = json ? process.stderr : process.stdout;
  const data = await loadData(settings.data, stream);
  const gan = newGan(settings, data);
  const reporter = createReporter(stream, training.steps);
  await requireRunFolder(out, { overwrite: training.overwrite ?? false });
  const { reason } = (settings.gan.device ?? 'auto') === 'auto' ? chooseDevice() : {};
  reporter.start({ device: gan.device, seed: gan.seed, images: data.images.shape[0]!, out, noCuda: reason });
  const begun = begunSettings(settings, gan.seed);
  const { onProgress, onSample } = reporter;
  const history = await interruptible(reporter, out, (signal) => {
    const run = { ...training, heldOut: data.heldOut, onProgress, onSample, outDir: out, signal };
    return gan.trainByCommand(data, run, begun);
  });
  await finish(gan, history, { settings: begun, data, reporter });
}

/** `own` are the options of this command, which go before those that the run was begun with. */
async function resume(folder: string, own: ReturnType<typeof resumeSettings>): Promise<void> {
  const { device, threads, steps, json = false } = own;
  await requireUnlocked(folder);
  const command = (await readCommand(folder)) as TrainSettings;
  if (await isEmptyRun(folder)) {
    const gan = { ...command.gan, ...(device && { device }), ...(threads && { threads }) };
    const training = { ...command.training, ...(steps && { steps }) };
    return begin({ ...command, out: folder, json, gan, training });
  }
  const saved = savedRun(await newestCheckpoint(join(folder, runFiles.checkpoints)));
  requireAsBegun(command, saved, folder);
  const settings = longer(command, saved, steps);
  const stream = json ? process.stderr : process.stdout;
  const data = await loadData(settings.data, stream);
  const reporter = createReporter(stream, settings.training.steps);
  const { progress, gan: savedGan } = saved;
  const images = data.images.shape[0]!;
  const callbacks = {
    onTrainBegin: ({ models }: Training) =>
      reporter.start({ device: models.generator!.device, seed: savedGan.config.seed, images, out: folder, progress }),
  };
  const { onProgress, onSample } = reporter;
  const { gan, history } = await interruptible(reporter, folder, (signal) => {
    const looking = { heldOut: data.heldOut, onProgress, onSample, callbacks, signal };
    const run = { device, threads, steps: settings.training.steps, ...looking };
    return GAN.resumeByCommand(folder, data, run, settings);
  });
  await finish(gan, history, { settings: { ...settings, out: folder, json }, data, reporter });
}

/**
 * The settings with the steps that are wanted, by the command line or because `run.json` was changed in that.
 * @throws CudaGanError `CUDA_GAN_VALUE` for fewer than the run was begun for.
 */
function longer(command: TrainSettings, saved: SavedRun, wanted: number | undefined): TrainSettings {
  const { steps } = command.training;
  const isChanged = steps !== (saved.command as TrainSettings).training.steps;
  const total = resumedSteps(wanted ?? (isChanged ? steps : undefined), saved);
  return { ...command, training: { ...command.training, steps: total } };
}

/**
 * A run keeps the settings that it was begun with, but for its length.
 * @throws CudaGanError `CUDA_GAN_VALUE` that names the first that `run.json` was changed in.
 */
function requireAsBegun(command: TrainSettings, { command: begun }: SavedRun, folder: string): void {
  const difference = firstDifference(command, begun, '', ['steps']);
  if (difference === undefined) return;
  const { path, found, wanted } = difference;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `${join(folder, commandFile)} was changed since the run began: ${path || 'all of it'} is ${inWords(found)}, and was ${inWords(wanted)}; a run that is resumed keeps its settings`,
  );
}

function newGan({ gan }: TrainSettings, { images, classes }: TrainingData): GAN {
  const models = Object.entries(gan).flatMap(([name, value]) =>
    isSavedLayer(value) ? [[name, layerFromConfig(value) as Model<Prediction>]] : [],
  );
  const { preset = 'mlp', conditioning = presets[preset]?.conditioning } = gan;
  const wanted = classes !== undefined && conditioning !== undefined && models.length < 2;
  const fitting = { imageShape: images.shape.slice(1), ...(wanted && { classes: classes.length }) };
  return new GAN({ ...fitting, ...gan, ...Object.fromEntries(models) });
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

interface Finish {
  readonly settings: TrainSettings;
  readonly data: TrainingData;
  readonly reporter: Reporter;
}

async function finish(gan: GAN, history: GanHistory, { settings, data, reporter }: Finish): Promise<void> {
  const { images, labels } = data.heldOut ?? {};
  // A by-product of a discriminator that tells classes: how well it does on images that it was not trained on.
  const accuracy = images && labels && gan.tellsClasses ? await gan.accuracy({ images, labels }) : undefined;
  reporter.finish(history, settings.out, accuracy);
  if (settings.json) console.log(JSON.stringify({ ...figuresOf(gan, history, settings), accuracy }));
  process.exitCode = history.aborted ? exitCodes.interrupted : exitCodes.done;
}

function figuresOf(gan: GAN, history: GanHistory, { training, gan: options, out }: TrainSettings): object {
  const { steps, seconds, aborted } = history;
  return {
    steps,
    aborted,
    seconds,
    stepsPerSecond: steps / seconds,
    millisecondsPerStep: (1000 * seconds) / steps,
    batchSize: training.batchSize,
    preset: options.preset,
    seed: gan.seed,
    device: { name: gan.device.name, description: gan.device.description, threads: gan.device.threads },
    last: steps > 0 ? history.at(-1) : undefined,
    out,
  };
}
