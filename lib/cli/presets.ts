// `cuda-gan presets`: what `train --preset` and `new GAN({ preset })` know.
import { Command } from 'commander';
import { presets } from '../gan/presets.js';

export function presetsCommand(): Command {
  return new Command('presets')
    .description('List the presets: where they come from, and what they are good for.')
    .option('--json', 'print one JSON object: every preset as the options of a GAN, as --config takes them')
    .action(({ json = false }: { readonly json?: boolean }) => {
      console.log(json ? JSON.stringify(configs(), undefined, 2) : lines().join('\n'));
    });
}

/** What `--config` takes of each. */
function configs() {
  return Object.fromEntries(Object.entries(presets).map(([name, { advice, paper, ...options }]) => [name, options]));
}

function lines(): readonly string[] {
  const width = Math.max(...Object.keys(presets).map(({ length }) => length));
  return Object.entries(presets).flatMap(([name, { paper, advice }]) => [
    `${name.padEnd(width)}  ${advice}`,
    `${' '.repeat(width)}  ${paper}`,
  ]);
}
