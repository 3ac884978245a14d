// `cuda-gan train`: a GAN on MNIST, the article's unless told otherwise.
import { Command, Option } from 'commander';
import type { Precision } from '../devices/cuda.js';
import { chooseDevice, type DeviceChoice } from '../devices/select.js';
import { compose } from '../gan/composition.js';
import { GAN } from '../gan/gan.js';
import type { GanHistory } from '../gan/history.js';
import { type PresetName, presets } from '../gan/presets.js';
import { removeEmptyHistory, requireRunFolder } from '../gan/run-folder.js';
import { planTraining } from '../gan/train-options.js';
import { addDataOptions, type DataOptions, loadData } from './data-options.js';
import { exitCodes } from './exit-codes.js';
import { deviceOption, precisionOption, seedOption, threadsOption, wholeNumberFrom } from './options.js';
import { createReporter } from './reporter.js';

interface TrainCommandOptions extends DataOptions {
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
  readonly out: string;
  readonly overwrite: boolean;
  readonly json?: boolean;
}

export function trainCommand(): Command {
  return addDataOptions(new Command('train'))
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
    .option('--out <folder>', 'where pictures, history and models go', 'runs/mnist')
    .option('--overwrite', 'replace the files of a run that the folder holds', false)
    .option('--json', "print one JSON object with the run's figures at the end")
    .action(train);
}

async function train(options: TrainCommandOptions): Promise<void> {
  const { data, imageSize, channels, fit, strict, ...own } = options;
  const { out, json = false, preset, latentDim, device, threads, precision, seed, ...training } = own;
  planTraining({ ...training, outDir: out }, compose(presets[preset]).updates);
  const stream = json ? process.stderr : process.stdout;
  const { images } = await loadData(options, stream);
  const imageShape = images.shape.slice(1);
  const gan = new GAN({ preset, latentDim, imageShape, seed, device, threads, precision });
  const reporter = createReporter(stream, options.steps);
  await requireRunFolder({ path: out, overwrite: training.overwrite });
  const { reason } = device === 'auto' ? chooseDevice() : {};
  reporter.start(gan, images.shape[0]!, out, reason);

  const interruption = new AbortController();
  const interrupt = () => {
    if (!interruption.signal.aborted) return interruption.abort();
    removeEmptyHistory(out);
    process.exit(exitCodes.interrupted);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const { onProgress, onSample } = reporter;
  let history: GanHistory;
  try {
    const { signal } = interruption;
    history = await gan.train(images, { ...training, onProgress, onSample, outDir: out, signal });
  } finally {
    reporter.stop();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
  reporter.finish(history, out);
  if (json) console.log(JSON.stringify(figuresOf(gan, history, options)));
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
