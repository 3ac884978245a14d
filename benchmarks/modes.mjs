// Which modes GANs find: all seeds of the grid of 25 Gaussians, as many at a time as there are cores, and Stacked MNIST.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { round } from './figures.mjs';

/** The preset that is to find all of them, and the article's. Both have the same networks. */
const presets = ['r3gan', 'mlp'];

export async function measureModes({ seeds, cores, progress }) {
  const rows = presets.flatMap((preset) => Array.from({ length: seeds }, (_, i) => ({ preset, seed: i + 1 })));
  let begun = 0;
  const worker = async () => {
    while (begun < rows.length) {
      const row = rows[begun++];
      progress(`modes: ${begun}/${rows.length}, ${row.preset}, seed ${row.seed}`);
      Object.assign(row, await figuresOf('modes-grid.mjs', row.preset, row.seed));
    }
  };
  await Promise.all(Array.from({ length: cores }, worker));
  progress('');
  return rows;
}

export async function measureStackedModes({ cores, progress }) {
  progress('Stacked MNIST');
  const figures = await figuresOf('modes-stacked.mjs', cores);
  progress('');
  return [{ preset: 'r3gan', ...figures, kl: round(figures.kl, 3) }];
}

async function figuresOf(script, ...args) {
  const { stdout } = await promisify(execFile)(process.execPath, [`benchmarks/${script}`, ...args.map(String)]);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}
