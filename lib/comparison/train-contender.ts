// One of the models that are compared, trained under its budget.
import { join } from 'node:path';
import { Autoencoder } from '../autoencoders/autoencoder.js';
import type { CodersName } from '../autoencoders/networks/index.js';
import { VAE } from '../autoencoders/vae.js';
import type { Device } from '../devices/device.js';
import { ensureFolder } from '../formats/files.js';
import { GAN } from '../gan/gan.js';
import type { PresetName } from '../gan/presets.js';
import { runFiles } from '../runs/run-files.js';
import type { Shape, Tensor } from '../tensor.js';
import type { Callbacks } from '../training/callbacks.js';
import { type CoderName, type Contender, isCoder } from './contenders.js';
import type { ComparedImages } from './data.js';

/** Time, or updates, whichever is given. */
export interface Budget {
  /** Time of training. */
  readonly seconds?: number | undefined;
  /** Updates, in place of a time. */
  readonly steps?: number | undefined;
}

export interface TrainContenderOptions {
  readonly budget: Budget;
  readonly seed: number;
  readonly device: Device;
  /** Where its models and pictures go. */
  readonly out: string;
  readonly signal: AbortSignal | undefined;
  /** Seconds that have passed. */
  readonly onProgress: (seconds: number) => unknown;
}

export interface TrainedContender {
  readonly model: GAN | VAE | Autoencoder;
  readonly steps: number;
  readonly seconds: number;
  readonly parameters: number;
}

export async function trainContender(
  contender: Contender,
  images: ComparedImages,
  options: TrainContenderOptions,
): Promise<TrainedContender> {
  const clock = new Clock(options);
  const { name } = contender;
  return isCoder(name)
    ? trainCoder({ ...contender, name }, images, options, clock)
    : trainGan({ ...contender, name }, images, options, clock);
}

async function trainGan(
  { name, batchSize, conditional }: Contender & { readonly name: PresetName },
  { training, classes }: ComparedImages,
  { budget, seed, device, out, signal }: TrainContenderOptions,
  clock: Clock,
): Promise<TrainedContender> {
  const imageShape = training.images.shape.slice(1);
  const gan = new GAN({ preset: name, imageShape, seed, device, ...(conditional && { classes }) });
  const { steps } = await gan.train(training, {
    steps: budget.steps ?? Number.POSITIVE_INFINITY,
    batchSize,
    sampleInterval: 1000,
    outDir: out,
    overwrite: true,
    callbacks: clock.callbacks,
    signal,
  });
  const parameters = gan.generator.countParams() + gan.discriminator.countParams();
  return { model: gan, steps, seconds: clock.seconds, parameters };
}

async function trainCoder(
  { name, batchSize, conditional }: Contender & { readonly name: CoderName },
  { training, classes }: ComparedImages,
  { budget, seed, device, out, signal }: TrainContenderOptions,
  clock: Clock,
): Promise<TrainedContender> {
  const model = newCoder(name, training.images, { seed, device, classes });
  const batches = Math.ceil(training.images.shape[0]! / batchSize);
  await ensureFolder(out);
  await model.fit(conditional ? training : training.images, {
    epochs: budget.steps === undefined ? Number.MAX_SAFE_INTEGER : Math.ceil(budget.steps / batches),
    batchSize,
    callbacks: [clock.callbacks, ...stopAfter(budget.steps)],
    signal,
  });
  await model.save(join(out, name === 'autoencoder' ? runFiles.autoencoder : runFiles.vae));
  const parameters = model.model.countParams();
  return { model, steps: clock.steps, seconds: clock.seconds, parameters };
}

function newCoder(
  name: CoderName,
  { shape }: Tensor,
  { classes, ...common }: { readonly seed: number; readonly device: Device; readonly classes: number | undefined },
): VAE | Autoencoder {
  const imageShape = shape.slice(1);
  const options = { imageShape, networks: networksFor(imageShape), ...common };
  if (name === 'autoencoder') return new Autoencoder(options);
  return new VAE({ ...options, binarize: true, ...(name === 'cvae' && { classes }) });
}

/** Convolutional ones where there are some for such images. */
function networksFor(imageShape: Shape): CodersName {
  return imageShape.slice(0, 2).every((side) => side % 4 === 0) ? 'cnn' : 'mlp';
}

/** Ends a training of `fit` after so many updates, in the middle of an epoch. */
function stopAfter(steps: number | undefined): readonly Callbacks[] {
  if (steps === undefined) return [];
  let done = 0;
  const onBatchEnd: Callbacks['onBatchEnd'] = (_batch, _logs, training) => {
    done++;
    if (done === steps) training.stop();
  };
  return [{ onBatchEnd }];
}

/** Ends a training when its time is over, and knows how long it was. */
class Clock {
  seconds = 0;
  steps = 0;
  readonly callbacks: Callbacks;

  constructor({ budget, onProgress }: TrainContenderOptions) {
    let start = 0;
    const look = () => {
      this.seconds = (performance.now() - start) / 1000;
    };
    this.callbacks = {
      onTrainBegin: () => {
        start = performance.now();
      },
      onProgress: async ({ step }, training) => {
        look();
        this.steps = step + 1;
        await onProgress(this.seconds);
        if (this.seconds >= (budget.seconds ?? Number.POSITIVE_INFINITY)) training.stop();
      },
      onTrainEnd: look,
    };
  }
}
