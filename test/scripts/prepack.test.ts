// What is said before the package is packed or published.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const linux = ['prebuilds/linux-x64/cuda-gan.glibc.node', 'prebuilds/linux-arm64/cuda-gan.glibc.node'];
const windows = 'prebuilds/win32-x64/cuda-gan.node';
const bundle = 'dist/cjs/index.cjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuda-gan-prepack-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function prepack(files: string[], environment: NodeJS.ProcessEnv = {}) {
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  const env = { ...process.env, CUDA_GAN_ALLOW_MISSING_PREBUILDS: '', ...environment };
  const { status, stderr } = spawnSync(process.execPath, ['scripts/prepack.mjs', folder], { encoding: 'utf8', env });
  return { status, stderr };
}

test('a package with all prebuilds is packed', () => {
  expect(prepack([bundle, ...linux, windows])).toEqual({ status: 0, stderr: '' });
});

test('the platforms without a prebuild are named', () => {
  const { status, stderr } = prepack([bundle, linux[0]!]);
  expect(status).toBe(1);
  expect(stderr).toContain('Not packed: no prebuild for linux-arm64, win32-x64.');
});

test('an addon for another C library is none for this one', () => {
  const { stderr } = prepack([bundle, 'prebuilds/linux-x64/cuda-gan.musl.node', linux[1]!, windows]);
  expect(stderr).toContain('no prebuild for linux-x64.');
});

test('CUDA_GAN_ALLOW_MISSING_PREBUILDS=1 packs what there is, and names what there is not', () => {
  const { status, stderr } = prepack([bundle], { CUDA_GAN_ALLOW_MISSING_PREBUILDS: '1' });
  expect(status).toBe(0);
  expect(stderr).toContain('no prebuild for linux-x64, linux-arm64, win32-x64');
});

test('a package without its JavaScript is never packed', () => {
  const { status, stderr } = prepack([...linux, windows], { CUDA_GAN_ALLOW_MISSING_PREBUILDS: '1' });
  expect(status).toBe(1);
  expect(stderr).toContain('npm run build:ts');
});

test('npm runs the check, and the release does not pass it over', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(scripts.prepack).toBe('node scripts/prepack.mjs');
  const workflow = readFileSync('.github/workflows/release.yml', 'utf8');
  const [, named] = prepack([bundle]).stderr.match(/no prebuild for ([^.]+)\./)!;
  for (const platform of named!.split(', ')) expect(workflow).toContain(`{ name: ${platform},`);
  expect(workflow).not.toMatch(/npm (pack|publish).*--ignore-scripts/);
});
