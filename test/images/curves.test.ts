// The picture of a training's curves.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PNG } from 'pngjs';
import { type Curves, drawCurves, saveCurves } from '../../lib/images/curves';
import type { Picture } from '../../lib/images/png';

const blue = [31, 119, 180];
const orange = [230, 120, 20];
const green = [44, 140, 60];

/** Rows of the pixels of this color in a column, from the top. */
function rowsOf({ width, height, pixels }: Picture, x: number, color: readonly number[]): number[] {
  const is = (y: number) => color.every((part, c) => pixels[3 * (y * width + x) + c] === part);
  return [...Array(height).keys()].filter(is);
}

const constant = (steps: number, dLoss: number, gLoss: number, dAccuracy: number): Curves => ({
  dLoss: new Float32Array(steps).fill(dLoss),
  gLoss: new Float32Array(steps).fill(gLoss),
  dAccuracy: new Float32Array(steps).fill(dAccuracy),
});

test.each([1, 2, 839, 840, 841, 5000, 30_000])('%d steps fill the whole width with a line of each curve', (steps) => {
  const picture = drawCurves(constant(steps, 0.5, 1.5, 0.75));
  expect([picture.width, picture.height]).toEqual([960, 720]);
  for (const x of [90, 500, 929]) {
    const [lower, higher, accuracy] = [blue, orange, green].map((color) => rowsOf(picture, x, color).at(-1)!);
    expect(higher).toBeLessThan(lower!);
    expect(lower).toBeLessThan(50 + 330);
    // Three quarters up a panel of 200 rows that ends at row 640.
    expect(Math.abs(accuracy! - (640 - 150))).toBeLessThanOrEqual(1);
  }
});

test('losses of zero are drawn on the lower edge', () => {
  const picture = drawCurves(constant(10, 0, 0, 0));
  expect(Math.abs(rowsOf(picture, 500, orange).at(-1)! - (50 + 330))).toBeLessThanOrEqual(1);
});

test('a rising curve rises', () => {
  const steps = 5000;
  const rising = Float32Array.from({ length: steps }, (_, i) => i / steps);
  const picture = drawCurves({ ...constant(steps, 0, 1, 0), dAccuracy: rising });
  const [early, middle, late] = [150, 500, 900].map((x) => rowsOf(picture, x, green).at(-1)!);
  expect(early).toBeGreaterThan(middle!);
  expect(middle).toBeGreaterThan(late!);
});

test('no steps are an error', () => {
  expect(() => drawCurves(constant(0, 0, 0, 0))).toThrow(
    expect.objectContaining({ code: 'CUDA_GAN_DATA', message: 'there are no steps to draw curves of' }),
  );
});

test('curves are saved as a PNG file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'curves-'));
  try {
    const path = join(folder, 'curves.png');
    await saveCurves(path, constant(20, 0.7, 0.9, 0.5));
    const { width, height } = PNG.sync.read(await readFile(path));
    expect({ width, height }).toEqual({ width: 960, height: 720 });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([[[87667, Infinity]], [[3e38, 1]], [[1e-9, 2e-9]], [[Number.NaN, 1]], [[0, 0]]])(
  'draws losses of %j',
  (losses) => {
    const values = Float32Array.from(losses);
    expect(drawCurves({ dLoss: values, gLoss: values, dAccuracy: Float32Array.of(0, 1) }).width).toBeGreaterThan(0);
  },
);
