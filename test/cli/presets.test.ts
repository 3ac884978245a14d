// `cuda-gan presets`: what it prints, `--config` takes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readConfig } from '../../lib/cli/config-file';
import { configNames } from '../../lib/cli/train-settings';
import { presets } from '../../lib/gan/presets';
import { GAN, type PresetName } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { command } from './command';

test('lists every preset with its advice and its paper', async () => {
  const { code, stdout } = await command('presets');
  expect(code).toBe(0);
  for (const [name, { advice, paper }] of Object.entries(presets)) {
    expect(stdout).toContain(`${name} `);
    expect(stdout).toContain(advice);
    expect(stdout).toContain(paper);
  }
});

test('each of --json makes, as a file for --config, the GAN of the preset', async () => {
  const { stdout } = await command('presets', '--json');
  const folder = scratchFolder();
  for (const [name, options] of Object.entries(JSON.parse(stdout))) {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(options));
    const { model: gan, training } = await readConfig(path, configNames);
    expect(training).toEqual({});
    const composed = (given: object) => new GAN({ ...given, seed: 1, device: 'cpu' }).getConfig();
    expect(composed(gan)).toEqual(composed({ preset: name as PresetName }));
  }
});
