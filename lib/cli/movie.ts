// `cuda-gan movie`: an animated picture of a run, or of what its generator makes.
import { join } from 'node:path';
import { Command, type OptionValues } from 'commander';
import type { DeviceChoice } from '../devices/names.js';
import { CudaGanError } from '../errors.js';
import { animatedPng, requireEnding } from '../formats/endings.js';
import { loopMovie } from '../gan/loop-movie.js';
import { saveMovie } from '../images/movie.js';
import { randomSeed } from '../random/random-stream.js';
import { runPictures } from '../runs/run-pictures.js';
import { loadSource } from './load-source.js';
import {
  bestOption,
  classOption,
  deviceOption,
  numberFrom,
  seedOption,
  threadsOption,
  truncationOption,
  wholeNumberFrom,
} from './options.js';

interface MovieCommandOptions {
  readonly out?: string;
  readonly fps?: number;
  readonly hold: number;
  readonly interpolate?: boolean;
  readonly best?: boolean;
  readonly stops: number;
  readonly steps: number;
  readonly truncation?: number;
  readonly class?: number;
  readonly seed?: number;
  readonly device: DeviceChoice;
  readonly threads?: number;
}

/** What only one kind of movie takes. */
const optionsOfRuns = ['hold'];
const optionsOfLoops = ['best', 'stops', 'steps', 'truncation', 'class', 'seed', 'device', 'threads'];

export function movieCommand(): Command {
  return new Command('movie')
    .description("Make an animated PNG of a run's pictures, in the order of their steps; browsers play it as an image.")
    .argument('[folder]', 'folder that `train` wrote', 'runs/mnist')
    .option('--out <file>', 'the movie (default: movie.png or loop.png in the folder)')
    .option('--fps <number>', 'pictures per second (default: 10, with --interpolate 20)', numberFrom(0.1))
    .option('--hold <seconds>', 'how long the last picture stays', numberFrom(0), 2)
    .option('--interpolate', 'show images that walk through latent space and back to where they began')
    .addOption(bestOption())
    .option('--stops <number>', 'noise vectors on the way of each image', wholeNumberFrom(2), 4)
    .option('--steps <number>', 'pictures from one to the next', wholeNumberFrom(1), 30)
    .addOption(truncationOption())
    .addOption(classOption())
    .addOption(seedOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addHelpText('after', '\n--best and what follows it go with --interpolate.')
    .action(async (folder: string, options: MovieCommandOptions, command: Command) => {
      if (options.out !== undefined) requireEnding(options.out, animatedPng);
      requireOnly(command, options.interpolate ? optionsOfRuns : optionsOfLoops, options.interpolate === true);
      await (options.interpolate ? saveLoop(folder, options) : saveRun(folder, options));
    });
}

async function saveRun(folder: string, { out, fps = 10, hold }: MovieCommandOptions): Promise<void> {
  const path = out ?? join(folder, 'movie.png');
  const pictures = await runPictures(folder);
  await saveMovie(path, pictures, { fps, holdSeconds: hold });
  console.log(`${pictures.length} ${pictures.length === 1 ? 'picture' : 'pictures'} at ${fps} a second in ${path}`);
}

async function saveLoop(
  folder: string,
  { out, fps = 20, best, stops, steps, truncation, class: one, seed, device, threads }: MovieCommandOptions,
): Promise<void> {
  const path = out ?? join(folder, 'loop.png');
  const source = await loadSource(folder, { best, seed: seed ?? randomSeed(), device, threads });
  const { rows, columns, frames } = loopMovie(source, { stops, steps, truncation, class: one });
  await saveMovie(path, frames, { rows, columns, range: source.pixelRange, fps });
  console.log(`${stops * steps} pictures of seed ${source.seed} at ${fps} a second in ${path}`);
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for an option that the movie asked for does not take. */
function requireOnly(command: Command, others: readonly string[], interpolate: boolean): void {
  const values: OptionValues = command.opts();
  const wrong = others.find((name) => name in values && command.getOptionValueSource(name) === 'cli');
  if (wrong === undefined) return;
  const reason = interpolate ? 'a loop has no last picture' : 'it goes with --interpolate';
  throw new CudaGanError('CUDA_GAN_VALUE', `--${wrong} is given, but ${reason}`);
}
