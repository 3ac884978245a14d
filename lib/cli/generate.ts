// `cuda-gan generate`: samples of a trained generator.
import { Command } from 'commander';
import type { DeviceChoice } from '../devices/select.js';
import { GAN } from '../gan/gan.js';
import { saveGrid } from '../images/grid.js';
import { deviceOption, seedOption, threadsOption, wholeNumberFrom } from './options.js';

interface GenerateCommandOptions {
  readonly model: string;
  readonly count: number;
  readonly seed?: number;
  readonly out: string;
  readonly device: DeviceChoice;
  readonly threads?: number;
}

export function generateCommand(): Command {
  return new Command('generate')
    .description('Draw samples of a trained generator.')
    .option('--model <folder>', 'folder that `train` wrote', 'runs/mnist')
    .option('--count <number>', 'number of images', wholeNumberFrom(1), 25)
    .addOption(seedOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .option('--out <file>', 'the picture, a PNG', 'grid.png')
    .action(generate);
}

async function generate({ model, count, seed, out, device, threads }: GenerateCommandOptions): Promise<void> {
  const gan = await GAN.load(model, { seed, device, threads });
  const columns = Math.ceil(Math.sqrt(count));
  const images = await gan.generate(count, { seed: 0 });
  const range = gan.discriminator.pixelRange;
  await saveGrid(out, images, { columns, rows: Math.ceil(count / columns), range });
  console.log(`${count} ${count === 1 ? 'image' : 'images'} of seed ${gan.seed} in ${out}`);
}
