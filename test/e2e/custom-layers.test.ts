// The guides whose pages are programs, and the example of a layer: their code runs, and prints what they say.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { ended, startNode } from '../cli/command';
import { scratchFolder } from '../gan/scratch';

const root = join(__dirname, '../..');
const folder = scratchFolder();

/** Runs code as a module of its own, with the built package, and what it writes in the scratch folder. */
async function run(name: string, code: string) {
  const script = join(folder, name);
  const entry = pathToFileURL(join(root, 'dist/esm/index.mjs')).href;
  const inFolder = (_: string, file: string) => JSON.stringify(join(folder, file));
  writeFileSync(
    script,
    code.replace("'cuda-gan'", `'${entry}'`).replaceAll(/'((?:runs|radial-basis|vae)[\w./-]*)'/g, inFolder),
  );
  return ended(startNode(script));
}

test.each(['custom-layers', 'autoencoders', 'classifiers'])(
  'the code of docs/%s.md prints what its comments say',
  async (name) => {
    const page = readFileSync(join(root, `docs/${name}.md`), 'utf8');
    const code = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, block]) => block).join('\n');
    const wanted = [...code.matchAll(/\/\/ → (.*)/g)].map(([, line]) => line);
    expect(wanted.length).toBeGreaterThan(3);
    const { code: status, stdout, stderr } = await run(`${name}.mjs`, code);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n')).toEqual(wanted);
  },
);

test('examples/custom-layer.mjs learns, and its model loads again', async () => {
  const { code, stdout } = await run(
    'example.mjs',
    readFileSync(join(root, 'examples/custom-layer.mjs'), 'utf8').replace('20_000', '4000'),
  );
  expect(code).toBe(0);
  expect(stdout).toContain('radial_basis (RadialBasis)');
  // Four of five points are outside: who says so always is right that often.
  expect(Number(/: ([\d.]+) % of new points/.exec(stdout)![1])).toBeGreaterThan(88);
  expect(stdout).toContain('it answers the same: true');
  expect(readFileSync(join(folder, 'runs/radial-basis.svg'), 'utf8')).toContain('<svg ');
});
