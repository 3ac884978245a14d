// `cuda-gan train --model vae`, `autoencoder` and `cvae`.
import { join } from 'node:path';
import type { WriteStream } from 'node:tty';
import { Autoencoder } from '../autoencoders/autoencoder.js';
import { VAE } from '../autoencoders/vae.js';
import { csvLogger } from '../callbacks/csv-logger.js';
import { generatorMetrics } from '../callbacks/generator-metrics.js';
import { modelCheckpoint } from '../callbacks/model-checkpoint.js';
import { deviceInWords, deviceLabel } from '../devices/names.js';
import { chooseDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { formatTime } from '../format-time.js';
import { FolderLock } from '../formats/folder-lock.js';
import { saveCurves } from '../images/curves.js';
import { epochPrinter } from '../models/epoch-printer.js';
import type { History } from '../models/fit-options.js';
import { withNewFolder } from '../runs/new-folder.js';
import { writeCommand } from '../runs/run-command.js';
import { isEmptyRun, requireNoRun, requireReplaceable, requireRunFolder, runFiles } from '../runs/run-files.js';
import { bringBack, type SetAside, setAside } from '../runs/set-aside.js';
import type { Callbacks } from '../training/callbacks.js';
import { requireCheckpoints } from '../training/checkpoints.js';
import { type AutoencoderSettings, begunAutoencoder, resumedAutoencoder } from './autoencoder-settings.js';
import { autoencoderWriter, saveModel } from './autoencoder-writer.js';
import { withModels } from './config-file.js';
import { loadData } from './data-options.js';
import { exitCodes } from './exit-codes.js';
import { interruptible } from './interruptible.js';
import type { ResumeFlags } from './train-settings.js';
import type { TrainingData } from './training-data.js';

/** @throws CudaGanError as `fit`; `CUDA_GAN_FILE` when the folder holds a run; `CUDA_GAN_DATA` for data without the classes that are wanted. */
export async function trainAutoencoder(settings: AutoencoderSettings): Promise<void> {
  return withNewFolder(settings.out, () => train(settings));
}

async function train(settings: AutoencoderSettings): Promise<void> {
  const { out, overwrite } = settings;
  const stream = streamOf(settings);
  const data = await loadData(settings.data, stream);
  const model = newModel(settings, data);
  await requireRunFolder(out, { overwrite });
  await requireReplaceable(out);
  const lock = await FolderLock.take(out);
  try {
    await bringBack(out);
    if (!overwrite) await requireNoRun(out);
    const begun = begunAutoencoder(settings, model.seed);
    const old = await setAside(out);
    try {
      await writeCommand(out, begun);
      const { reason } = (settings.options.device ?? 'auto') === 'auto' ? chooseDevice() : {};
      stream.write(`Training on ${describe(model, data, out)}\n`);
      if (reason !== undefined) stream.write(`Not on cuda: ${reason}\n`);
      await run(model, data, begun, old);
    } catch (error) {
      await old.restore();
      throw error;
    }
  } finally {
    lock.release();
  }
}

/** `begun` is what the run's folder says of it; `own` goes before that. */
export async function resumeAutoencoder(folder: string, begun: AutoencoderSettings, own: ResumeFlags): Promise<void> {
  const settings = resumedAutoencoder(begun, folder, own);
  if (await isEmptyRun(folder)) return trainAutoencoder(settings);
  const stream = streamOf(settings);
  const data = await loadData(settings.data, stream);
  const model = newModel(settings, data);
  const lock = await FolderLock.take(folder);
  try {
    await requireCheckpoints(join(folder, runFiles.checkpoints));
    await writeCommand(folder, settings);
    stream.write(`Going on with ${describe(model, data, folder)}\n`);
    await run(model, data, settings);
  } finally {
    lock.release();
  }
}

/** From its first epoch or its newest checkpoint to its end. */
async function run(
  model: Autoencoder | VAE,
  data: TrainingData,
  settings: AutoencoderSettings,
  old?: SetAside,
): Promise<void> {
  const { out, training, json } = settings;
  const stream = streamOf(settings);
  const given = imagesFor(model, data);
  const heldOut = data.heldOut && imagesFor(model, data.heldOut);
  const checkpoints = join(out, runFiles.checkpoints);
  const batches = Math.ceil(data.images.shape[0]! / training.batchSize);
  const progress = epochPrinter({ initialEpoch: 0, epochs: training.epochs, batches }, stream, (line) =>
    stream.write(`${line}\n`),
  );
  const start = performance.now();
  const interruption = { aborted: false };
  const history = await interruptible(out, async (signal) => {
    const found = await model.fit(given, {
      ...training,
      validationData: heldOut,
      callbacks: [
        { onEpochBegin: () => old?.discard() },
        ...measuring(model, data, settings),
        progress,
        csvLogger(join(out, runFiles.epochs)),
        autoencoderWriter(model, { shown: data.heldOut ?? data, name: data.images.name ?? 'samples', out }),
      ],
      checkpointDir: checkpoints,
      resume: checkpoints,
      signal,
    });
    interruption.aborted = signal.aborted;
    return found;
  });
  await saveModel(model, out);
  await saveCurves(join(out, runFiles.curves), history);
  const seconds = (performance.now() - start) / 1000;
  const { aborted } = interruption;
  const { epoch } = history;
  stream.write(
    `${aborted ? 'Stopped after' : 'Done:'} ${epoch.length} ${epoch.length === 1 ? 'epoch' : 'epochs'} in ${formatTime(seconds)}. Pictures, curves and the model are in ${out}\n`,
  );
  if (json) console.log(JSON.stringify(figuresOf(model, history, settings, { seconds, aborted })));
  process.exitCode = aborted ? exitCodes.interrupted : exitCodes.done;
}

/** What a VAE draws is measured, and the best one kept. */
function measuring(
  model: Autoencoder | VAE,
  data: TrainingData,
  { metricsInterval: interval, out }: AutoencoderSettings,
): readonly Callbacks[] {
  if (interval === undefined || model instanceof Autoencoder) return [];
  const reference = data.heldOut ?? data;
  return [
    generatorMetrics({ source: model, reference, interval, device: model.device }),
    modelCheckpoint({
      filepath: join(out, runFiles.best),
      monitor: 'frechetDistance',
      mode: 'min',
      saveBestOnly: true,
    }),
  ];
}

function newModel({ model, options }: AutoencoderSettings, { images, classes }: TrainingData): Autoencoder | VAE {
  const imageShape = images.shape.slice(1);
  const { options: given } = withModels(options);
  if (model === 'autoencoder') return new Autoencoder({ imageShape, ...given });
  if (model === 'vae') return new VAE({ imageShape, ...given });
  if (classes === undefined) {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      '--model cvae needs data with classes: a folder of images has a sub-folder for each, an .npz file an array y',
    );
  }
  return new VAE({ imageShape, ...(given.encoder === undefined && { classes: classes.length }), ...given });
}

/** With their classes, where the model is given them. */
function imagesFor({ takesLabels }: Autoencoder | VAE, { images, labels }: Pick<TrainingData, 'images' | 'labels'>) {
  return takesLabels ? { images, labels } : images;
}

const streamOf = ({ json }: AutoencoderSettings): WriteStream => (json ? process.stderr : process.stdout);

function describe({ device, seed }: Autoencoder | VAE, { images }: TrainingData, out: string): string {
  return `${images.shape[0]} images: ${deviceInWords(device)}, seed ${seed}, writing to ${out}`;
}

function figuresOf(
  { seed, device }: Autoencoder | VAE,
  { epoch, history }: History,
  { model, training, out }: AutoencoderSettings,
  time: { readonly seconds: number; readonly aborted: boolean },
): object {
  const last = Object.entries(history).map(([name, values]) => [name, values.at(-1)]);
  return {
    model,
    epochs: epoch.length,
    ...time,
    batchSize: training.batchSize,
    seed,
    device: { name: deviceLabel(device), description: device.description, threads: device.threads },
    last: epoch.length > 0 ? Object.fromEntries(last) : undefined,
    out,
  };
}
