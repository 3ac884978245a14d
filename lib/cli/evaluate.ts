// `cuda-gan evaluate`: how good what a generator makes is, or a folder of images, in figures.
import { Command, Option } from 'commander';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/names.js';
import { resolveDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { drawSamples } from '../evaluation/draw-samples.js';
import { evaluate as evaluateImages } from '../evaluation/evaluate.js';
import { evaluationPage } from '../evaluation/report-page.js';
import { evaluationText } from '../evaluation/report-text.js';
import { drawRows, rowsAt } from '../evaluation/subsets.js';
import { html, requireEnding } from '../formats/endings.js';
import { requireFolderOf, writeFileAtomic } from '../formats/files.js';
import type { PixelRange } from '../models/pixel-range.js';
import { RandomStream, randomSeed } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import type { Tensor, TypedArray } from '../tensor.js';
import { loadSource } from './load-source.js';
import { bestOption, deviceOption, seedOption, threadsOption, wholeNumberFrom } from './options.js';
import { loadTrainingData, type TrainingData } from './training-data.js';

interface EvaluateCommandOptions {
  readonly model?: string;
  readonly best?: boolean;
  readonly images?: string;
  readonly against: string;
  readonly count: number;
  readonly seed?: number;
  readonly json?: boolean;
  readonly out?: string;
  readonly device: DeviceChoice;
  readonly threads?: number;
}

/** Images, and what is black and white in them. */
interface Samples {
  readonly images: Tensor;
  readonly range?: PixelRange | undefined;
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('Measure what a generator makes, or images, beside data: distances, precision, recall, sharpness.')
    .addOption(new Option('--model <folder>', 'folder that `train` wrote').conflicts('images'))
    .addOption(bestOption().conflicts('images'))
    .option(
      '--images <path>',
      'folder of images, or .npy or .npz file (uint8, or float32 of -1 to 1), in place of a model',
    )
    .option(
      '--against <path>',
      'the data: what `train --data` takes. Of MNIST, its test set, and the training set is looked through for copies',
      'mnist',
    )
    .option('--count <number>', 'samples, at most; as many images of the data are compared', wholeNumberFrom(1), 10000)
    .addOption(seedOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .option('--json', 'print one JSON object')
    .option('--out <file>', 'also write a page with pictures, HTML')
    .action(evaluate);
}

async function evaluate(options: EvaluateCommandOptions): Promise<void> {
  const { against, count, seed = randomSeed(), json = false, out } = options;
  if (out !== undefined) {
    requireEnding(out, html);
    await requireFolderOf(out);
  }
  const device = resolveDevice(options.device, options);
  const data = await loadImages(against);
  const { images: held, labels } = data.heldOut ?? data;
  const rows = someRows(held, count, seed);
  const { images, range } = await samplesOf({ ...options, seed }, device, labels && rowsAt(labels, rows));
  const [reference, training] = [rowsAt<TypedArray>(held, rows), data.heldOut && data.images];
  const evaluation = await evaluateImages(images, { reference, training, range, seed, device });
  console.log(json ? JSON.stringify(evaluation) : evaluationText(evaluation));
  if (out === undefined) return;
  await writeFileAtomic(
    out,
    await evaluationPage(evaluation, { samples: images, training: training ?? reference, range }),
  );
  if (!json) console.log(`\nA page with pictures: ${out}`);
}

async function samplesOf(
  { model, best, images: path, count, seed }: EvaluateCommandOptions & { readonly seed: number },
  device: Device,
  labels: Tensor<Int32Array> | undefined,
): Promise<Samples> {
  if (path !== undefined) {
    const { images } = await loadImages(path);
    return { images: rowsAt<TypedArray>(images, someRows(images, count, seed)) };
  }
  if (model === undefined) throw new CudaGanError('CUDA_GAN_VALUE', 'nothing to evaluate: give --model or --images');
  const source = await loadSource(model, { best, seed, device });
  return { images: await drawSamples(source, { count, seed, labels }), range: source.pixelRange };
}

/** Folders of pictures in grey, which is what the feature network takes. */
function loadImages(path: string): Promise<TrainingData> {
  return loadTrainingData(path, {}, undefined, { channels: 1 });
}

/** At most `count` rows, drawn at random: folders are sorted by classes. */
function someRows({ shape }: Tensor, count: number, seed: number): Int32Array {
  return drawRows(shape[0]!, Math.min(count, shape[0]!), new RandomStream(seed, firstStream.evaluation));
}
