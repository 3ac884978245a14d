// Programs that were bundled by esbuild, with the package inside or outside, where it is installed and where it is not.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build, type Format } from 'esbuild';

const root = join(__dirname, '../..');
const work = realpathSync(mkdtempSync(join(tmpdir(), 'cuda-gan-bundlers-')));
const project = join(work, 'project');
const elsewhere = join(work, 'elsewhere');

/** Trains a step and writes pictures, and says what came of it. */
const main = `
async function main() {
  try {
    const images = { shape: [4, 8, 8, 1], data: new Uint8Array(256) };
    const gan = new GAN({ latentDim: 2, imageShape: [8, 8, 1], device: 'cpu', seed: 1 });
    const { steps } = await gan.train(images, { steps: 1, batchSize: 4, outDir: process.argv[2] });
    console.log(JSON.stringify({ steps }));
  } catch (error) {
    console.log(JSON.stringify({ coded: error instanceof CudaGanError, code: error.code, message: error.message }));
  }
}
main();
`;

beforeAll(() => {
  for (const folder of [join(project, 'node_modules'), elsewhere]) mkdirSync(folder, { recursive: true });
  symlinkSync(root, join(project, 'node_modules/cuda-gan'), 'junction');
  writeFileSync(join(project, 'package.json'), '{ "name": "project" }');
  writeFileSync(join(project, 'esm.mjs'), `import { CudaGanError, GAN } from 'cuda-gan';${main}`);
  writeFileSync(join(project, 'cjs.cjs'), `const { CudaGanError, GAN } = require('cuda-gan');${main}`);
});

afterAll(() => rmSync(work, { recursive: true }));

/** What the program prints, bundled from `source` into a folder of its own below `folder`. */
async function answer(source: string, format: Format, external: string[], folder: string) {
  const name = `${source.slice(0, 3)}-${format}-${external.length}`;
  const outfile = join(folder, name, format === 'esm' ? 'bundle.mjs' : 'bundle.cjs');
  const entryPoints = [join(project, source)];
  await build({ entryPoints, outfile, format, external, bundle: true, platform: 'node', logLevel: 'error' });
  const env = { ...process.env };
  delete env.CUDA_GAN_PREBUILD; // that folder is looked in wherever the package is
  const { stdout } = await promisify(execFile)(process.execPath, [outfile, join(folder, name, 'run')], { env });
  return JSON.parse(stdout);
}

const inlined: [source: string, format: Format][] = [
  ['esm.mjs', 'esm'],
  ['esm.mjs', 'cjs'],
  ['cjs.cjs', 'esm'],
  ['cjs.cjs', 'cjs'],
];

describe.each(inlined)('%s, bundled as %s with the package inside,', (source, format) => {
  test('works where the package is installed above it', async () => {
    expect(await answer(source, format, [], project)).toEqual({ steps: 1 });
  });

  test('says elsewhere that the package must be external', async () => {
    const { coded, code, message } = await answer(source, format, [], elsewhere);
    expect([coded, code]).toEqual([true, 'CUDA_GAN_NO_DEVICE']);
    expect(message).toContain(elsewhere);
    expect(message).toContain('mark cuda-gan as external');
    expect(message).not.toContain('cuda-gan build');
  });
});

// esbuild leaves no `require` in an ES module, so that a CommonJS source with external packages is none of our matters.
test.each(inlined.filter(([source, format]) => source.startsWith('esm') || format === 'cjs'))(
  '%s, bundled as %s with the package outside, works where it is installed',
  async (source, format) => {
    expect(await answer(source, format, ['cuda-gan'], project)).toEqual({ steps: 1 });
  },
);

describe('the feature network, in a bundle with the package inside,', () => {
  const main = `
    import { metrics } from 'cuda-gan';
    metrics.digitFeatures({ device: 'cpu' }).then(
      (network) => console.log(JSON.stringify(network.identity)),
      ({ name, code, message }) => console.log(JSON.stringify({ name, code, message })),
    );`;

  beforeAll(() => writeFileSync(join(project, 'net.mjs'), main));

  test('is found where the package is installed above it', async () => {
    expect(await answer('net.mjs', 'esm', [], project)).toMatchObject({ name: 'digits', version: '1' });
  });

  test('is an error elsewhere that names what is missing', async () => {
    const { name, code, message } = await answer('net.mjs', 'esm', [], elsewhere);
    expect([name, code]).toEqual(['CudaGanError', 'CUDA_GAN_FILE']);
    expect(message).toContain('the weights of the feature network');
    expect(message).toContain('mark cuda-gan as external');
  });
});

test('the package names the folders of its prebuilds and weights as @vercel/nft understands it', () => {
  const entry = join(root, 'dist/cjs/index.cjs');
  const paths = [...readFileSync(entry, 'utf8').matchAll(/__dirname\+"([^"]+)"/g)].map(([, path]) => path!);
  expect(paths.map((path) => join(dirname(entry), path))).toEqual([join(root, 'prebuilds'), join(root, 'weights')]);
});
