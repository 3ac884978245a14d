// `cuda-gan generate`: samples of a trained generator.
import { Command, Option } from 'commander';
import type { DeviceChoice } from '../devices/names.js';
import { png, requireEnding } from '../formats/endings.js';
import { classGridOf, type GridSize } from '../gan/class-grid.js';
import type { ImageSource } from '../gan/image-source.js';
import { interpolateNoise } from '../gan/interpolation.js';
import { saveGrid } from '../images/grid.js';
import { randomSeed } from '../random/random-stream.js';
import type { Tensor } from '../tensor.js';
import { loadSource } from './load-source.js';
import {
  bestOption,
  classOption,
  deviceOption,
  seedOption,
  threadsOption,
  truncationOption,
  wholeNumberFrom,
} from './options.js';

interface GenerateCommandOptions {
  readonly model: string;
  readonly best?: boolean;
  readonly count?: number;
  readonly truncation?: number;
  readonly class?: number;
  readonly classGrid?: boolean;
  readonly interpolate?: number;
  readonly seed?: number;
  readonly out: string;
  readonly device: DeviceChoice;
  readonly threads?: number;
}

/** Images, and how they lie side by side. */
interface Drawing extends GridSize {
  readonly images: Tensor<Float32Array>;
}

const defaultSteps = 10;

export function generateCommand(): Command {
  return new Command('generate')
    .description('Draw samples of a trained generator.')
    .option('--model <folder>', 'folder that `train` wrote', 'runs/mnist')
    .addOption(bestOption())
    .option(
      '--count <number>',
      'number of images (default: 25); of each class, with --class-grid (default: 10); to walk between, with --interpolate (default: 5)',
      wholeNumberFrom(1),
    )
    .addOption(truncationOption())
    .addOption(classOption())
    .addOption(
      new Option('--class-grid', 'draw every class from the same noise: one class a row').conflicts([
        'class',
        'interpolate',
      ]),
    )
    .addOption(
      new Option('--interpolate [steps]', 'walk from each image to the next, and from the last to the first: one a row')
        .argParser(wholeNumberFrom(1))
        .preset(String(defaultSteps)),
    )
    .addOption(seedOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .option('--out <file>', 'the picture, a PNG', 'grid.png')
    .action(generate);
}

async function generate({
  out,
  model,
  best,
  seed,
  device,
  threads,
  ...options
}: GenerateCommandOptions): Promise<void> {
  requireEnding(out, png);
  const source = await loadSource(model, { best, seed: seed ?? randomSeed(), device, threads });
  const { images, rows, columns } = await draw(source, options);
  await saveGrid(out, images, { rows, columns, range: source.pixelRange });
  const count = images.shape[0]!;
  console.log(`${count} ${count === 1 ? 'image' : 'images'} of seed ${source.seed} in ${out}`);
}

type DrawOptions = Pick<GenerateCommandOptions, 'count' | 'truncation' | 'class' | 'classGrid' | 'interpolate'>;

async function draw(
  source: ImageSource,
  { count, truncation, class: one, classGrid = false, interpolate }: DrawOptions,
): Promise<Drawing> {
  const noise = { seed: 0, truncation };
  if (classGrid) return classGridOf(source, { columns: count, ...noise }, { call: '--class-grid' });
  if (interpolate !== undefined) return drawWalk(source, { rows: count ?? 5, columns: interpolate, noise, class: one });
  const images = await source.generate(count ?? 25, { ...noise, class: one });
  const columns = Math.ceil(Math.sqrt(images.shape[0]!));
  return { images, columns, rows: Math.ceil(images.shape[0]! / columns) };
}

interface WalkOptions extends GridSize {
  readonly noise: { readonly seed: number; readonly truncation: number | undefined };
  readonly class: number | undefined;
}

/** Where the generator knows classes, and none is asked for, each row is of another class. */
async function drawWalk(source: ImageSource, { rows, columns, noise, class: one }: WalkOptions): Promise<Drawing> {
  const walk = interpolateNoise(await source.noise(rows, noise), { steps: columns, loop: true });
  const { classes } = source;
  const labels =
    classes === undefined || one !== undefined
      ? undefined
      : Int32Array.from({ length: rows * columns }, (_, i) => Math.floor(i / columns) % classes);
  return { rows, columns, images: await source.generate(rows * columns, { noise: walk, labels, class: one }) };
}
