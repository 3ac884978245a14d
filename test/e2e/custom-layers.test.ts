// The example of a layer of one's own: it runs, and prints what it says.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { ended, startNode } from '../cli/command';
import { scratchFolder } from '../gan/scratch';

const root = join(__dirname, '../..');
const folder = scratchFolder();

test('examples/custom-layer.mjs learns, and its model loads again', async () => {
  const script = join(folder, 'example.mjs');
  const entry = pathToFileURL(join(root, 'dist/esm/index.mjs')).href;
  const inFolder = (_: string, file: string) => JSON.stringify(join(folder, file));
  const example = readFileSync(join(root, 'examples/custom-layer.mjs'), 'utf8').replace('20_000', '4000');
  writeFileSync(
    script,
    example.replace("'cuda-gan'", `'${entry}'`).replaceAll(/'((?:runs|radial-basis)[\w./-]*)'/g, inFolder),
  );
  const { code, stdout } = await ended(startNode(script));
  expect(code).toBe(0);
  expect(stdout).toContain('radial_basis (RadialBasis)');
  // Four of five points are outside: who says so always is right that often.
  expect(Number(/: ([\d.]+) % of new points/.exec(stdout)![1])).toBeGreaterThan(88);
  expect(stdout).toContain('it answers the same: true');
  expect(readFileSync(join(folder, 'runs/radial-basis.svg'), 'utf8')).toContain('<svg ');
});
