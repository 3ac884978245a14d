// The example for browsers, in one: what it draws is what the generator makes here. Nothing comes from the network: scripts that
// the page takes from a CDN are those of node_modules.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page, type Route } from 'playwright-core';
import { GAN, loadModel, type Prediction, tensor } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { isThere } from '../support/skips';

const root = join(__dirname, '..', '..');
const executablePath = [
  process.env.CUDA_GAN_CHROMIUM ?? '',
  ...['chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`),
].find(existsSync);
const reason = 'there is none in /usr/bin (CUDA_GAN_CHROMIUM says where it is)';
const withChromium = isThere(executablePath !== undefined, 'what needs Chromium', reason) ? test : test.skip;

const [count, latentDim] = [20, 100];
const site = 'http://cuda-gan.test/';
const cdn = 'https://cdn.jsdelivr.net/npm/';
let browser: Browser;
let page: Page;
let folder: string;
/** What went wrong in the page. */
const mistakes: string[] = [];

beforeAll(async () => {
  if (executablePath === undefined) return;
  const scratch = scratchFolder();
  folder = join(scratch, 'site');
  const trained = join(root, 'runs', 'train-gan', 'generator.safetensors');
  const path = existsSync(trained) ? trained : join(scratch, 'generator.safetensors');
  if (path !== trained) await new GAN({ seed: 1, device: 'cpu' }).generator.save(path);
  const conditional = join(scratch, 'conditional.safetensors');
  await new GAN({ preset: 'cgan', latentDim, seed: 1, device: 'cpu' }).generator.save(conditional);
  const makePage = (from: string, to: string) =>
    execFileSync(process.execPath, ['examples/browser/export.mjs', from, to], { cwd: root });
  makePage(path, folder);
  makePage(conditional, join(folder, 'conditional'));
  // Chromium's own sandbox does not work for root, as whom containers run.
  browser = await chromium.launch({ executablePath, chromiumSandbox: false });
  page = await browser.newPage({ viewport: { width: 720, height: 760 } });
  page.on('pageerror', (error) => mistakes.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && mistakes.push(message.text()));
  await page.route('**/*', answer);
});

afterAll(() => browser?.close());

/** By files of the folder, and in place of the CDN by those of node_modules. */
async function answer(route: Route): Promise<void> {
  const url = route.request().url().replace(/#.*/, '');
  const path = url.startsWith(site)
    ? join(folder, decodeURIComponent(url.slice(site.length)))
    : join(root, 'node_modules', url.slice(cdn.length).replace(/@[\d.]+\//, '/'));
  await route.fulfill({ path, headers: { 'access-control-allow-origin': '*' } });
}

/** The canvas as bytes, RGBA, once the page has drawn this. */
async function drawn(seed: number, share: number): Promise<readonly number[]> {
  await page.waitForSelector(`html[data-drawn="${seed}/${share}"]`, { state: 'attached', timeout: 50_000 });
  return page.evaluate(`(() => {
    const { width, height } = document.getElementById('picture');
    return [...document.getElementById('picture').getContext('2d').getImageData(0, 0, width, height).data];
  })()`);
}

/** The same picture of images that are made here, of the noise that the page says; of the digits in turn where those are wanted. */
async function expected(seed: number, share: number, from: string): Promise<readonly number[]> {
  const numbers: number[] = await page.evaluate(
    `import('./noise.js').then(({ noiseBetween }) => [...noiseBetween(${seed}, ${share}, ${count * latentDim})])`,
  );
  const generator = await loadModel<Prediction>(join(folder, from, 'generator.json'), { device: 'cpu' });
  const noise = tensor(Float32Array.from(numbers), [count, latentDim]);
  const digits = tensor(Int32Array.from({ length: count }, (_, i) => i % 10));
  const { data } = await generator.predict(generator.inputShapes.length === 1 ? noise : [noise, digits]);
  const picture: number[] = [];
  for (let row = 0; row < 4 * 28; row++) {
    for (let column = 0; column < 5 * 28; column++) {
      const image = 5 * Math.floor(row / 28) + Math.floor(column / 28);
      const gray = (data[(image * 28 + (row % 28)) * 28 + (column % 28)]! + 1) * 127.5;
      picture.push(gray, gray, gray, 255);
    }
  }
  return picture;
}

async function expectDrawn(seed: number, share: number, from = ''): Promise<void> {
  const [found, wanted] = [await drawn(seed, share), await expected(seed, share, from)];
  expect(found).toHaveLength(wanted.length);
  // Rounding to bytes, and other orders of sums.
  expect(Math.max(...found.map((byte, i) => Math.abs(byte - wanted[i]!)))).toBeLessThanOrEqual(1);
  expect(new Set(found).size).toBeGreaterThan(50);
}

withChromium('the page draws what the generator makes, walks, and draws again', async () => {
  await page.goto(`${site}index.html#3`);
  await expectDrawn(3, 0);
  expect(await page.textContent('#status')).toMatch(/^Seed 3: 20 images in \d+ ms$/);
  await mkdir(join(root, 'runs'), { recursive: true });
  await page.screenshot({ path: join(root, 'runs', 'browser.png') });
  await page.locator('#walk').fill('0.5');
  await expectDrawn(3, 0.5);
  await page.locator('#again').click();
  await expectDrawn(4, 0);
  expect(mistakes).toEqual([]);
});

withChromium('a generator that is given classes draws the digits in turn', async () => {
  await page.goto(`${site}conditional/index.html#2`);
  await expectDrawn(2, 0, 'conditional');
  expect(mistakes).toEqual([]);
});

withChromium('the page is dark where people have it so', async () => {
  const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await background()).toBe('rgb(20, 21, 26)');
  await page.screenshot({ path: join(root, 'runs', 'browser-dark.png') });
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await background()).toBe('rgb(246, 245, 241)');
});

test('the example names the versions and the digests of TensorFlow.js that it is tested with', async () => {
  const html = await readFile(join(root, 'examples', 'browser', 'index.html'), 'utf8');
  const scripts = [...html.matchAll(/npm\/(@tensorflow\/[\w-]+)@([\d.]+)\/(\S+)"\s+integrity="sha384-(\S+)"/g)];
  expect(scripts).toHaveLength(3);
  for (const [, name, version, path, digest] of scripts) {
    const folderOf = join(root, 'node_modules', name!);
    expect(JSON.parse(await readFile(join(folderOf, 'package.json'), 'utf8')).version).toBe(version);
    const { createHash } = await import('node:crypto');
    expect(
      createHash('sha384')
        .update(await readFile(join(folderOf, path!)))
        .digest('base64'),
    ).toBe(digest);
  }
});
