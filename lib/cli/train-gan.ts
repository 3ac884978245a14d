// `cuda-gan train` of a GAN.
import { join } from 'node:path';
import { inWords } from '../checks.js';
import { deviceLabel } from '../devices/names.js';
import { chooseDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { GAN } from '../gan/gan.js';
import type { GanHistory } from '../gan/history.js';
import { presets } from '../gan/presets.js';
import { resumedSteps } from '../gan/resume-options.js';
import { type SavedRun, savedRun } from '../gan/saved-run.js';
import { withNewFolder } from '../runs/new-folder.js';
import { commandFile } from '../runs/run-command.js';
import { isEmptyRun, requireRunFolder, runFiles } from '../runs/run-files.js';
import { newestCheckpoint } from '../training/checkpoints.js';
import { firstDifference } from '../training/same.js';
import type { Training } from '../training/training.js';
import { withModels } from './config-file.js';
import { loadData } from './data-options.js';
import { exitCodes } from './exit-codes.js';
import { interruptible } from './interruptible.js';
import { createReporter, type Reporter } from './reporter.js';
import { begunSettings, type ResumeFlags, type TrainSettings } from './train-settings.js';
import type { TrainingData } from './training-data.js';

export async function trainGan(settings: TrainSettings): Promise<void> {
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
  const history = await withNewFolder(out, () =>
    interruptible(
      out,
      (signal) => {
        const run = { ...training, heldOut: data.heldOut, onProgress, onSample, outDir: out, signal };
        return gan.trainByCommand(data, run, begun);
      },
      reporter,
    ),
  );
  await finish(gan, history, { settings: begun, data, reporter });
}

/** `own` are the options of this command, which go before those that the run was begun with: `command`. */
export async function resumeGan(folder: string, command: TrainSettings, own: ResumeFlags): Promise<void> {
  const { device, threads, steps, json = false } = own;
  if (await isEmptyRun(folder)) {
    const gan = { ...command.gan, ...(device && { device }), ...(threads && { threads }) };
    const training = { ...command.training, ...(steps && { steps }) };
    return trainGan({ ...command, out: folder, json, gan, training });
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
  const { gan, history } = await interruptible(
    folder,
    (signal) => {
      const looking = { heldOut: data.heldOut, onProgress, onSample, callbacks, signal };
      const run = { device, threads, steps: settings.training.steps, ...looking };
      return GAN.resumeByCommand(folder, data, run, settings);
    },
    reporter,
  );
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
  const { options, models } = withModels(gan);
  const { preset = 'mlp', conditioning = presets[preset]?.conditioning } = gan;
  const wanted = classes !== undefined && conditioning !== undefined && models < 2;
  const fitting = { imageShape: images.shape.slice(1), ...(wanted && { classes: classes.length }) };
  return new GAN({ ...fitting, ...options });
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
    device: { name: deviceLabel(gan.device), description: gan.device.description, threads: gan.device.threads },
    last: steps > 0 ? history.at(-1) : undefined,
    out,
  };
}
