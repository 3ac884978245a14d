// The picture of a training's curves.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
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

describe('what is measured now and then', () => {
  const steps = 1000;
  const measured = (value: number) =>
    Float32Array.from({ length: steps }, (_, i) => (i % 200 === 100 ? value : Number.NaN));
  const figures = new Map([
    ['dReal', measured(0.75)],
    ['dFake', measured(0.25)],
    ['dGradientNorm', measured(1)],
    ['gGradientNorm', measured(3)],
    ['diversity', measured(0.5)],
  ]);

  test('is drawn in panels of its own, from the first measurement to the last step', () => {
    const picture = drawCurves({ ...constant(steps, 0.5, 1.5, 0.75), figures });
    // Three panels of 160 rows with 60 above each.
    expect(picture.height).toBe(720 + 3 * 220);
    // The first of 1000 steps that is measured is number 100, a tenth of 840 columns behind the edge at 90.
    expect(rowsOf(picture, 170, green).some((row) => row >= 1140)).toBe(false);
    for (const x of [180, 500, 929]) {
      const [outputs, gradients] = [700, 920].map((top) => ({ top, bottom: top + 160 }));
      const rows = (color: readonly number[], { top, bottom }: { top: number; bottom: number }) =>
        rowsOf(picture, x, color).filter((row) => row >= top - 1 && row <= bottom + 1);
      expect(Math.min(...rows(blue, outputs!))).toBeLessThan(Math.min(...rows(orange, outputs!)));
      expect(Math.min(...rows(orange, gradients!))).toBeLessThan(Math.min(...rows(blue, gradients!)));
      expect(rowsOf(picture, x, green).some((row) => row >= 1140 && row <= 1300)).toBe(true);
    }
  });

  test('has a panel for each kind of figures of the generator', () => {
    const generator = new Map([
      ['frechetDistance', measured(40)],
      ['precision', measured(0.75)],
      ['recall', measured(0.25)],
      ['classifierScore', measured(9)],
    ]);
    const picture = drawCurves({ ...constant(steps, 0.5, 1.5, 0.75), figures: generator });
    expect(picture.height).toBe(720 + 3 * 220);
    const [distance, shares, score] = [700, 920, 1140];
    const within = (color: readonly number[], top: number) =>
      rowsOf(picture, 500, color).filter((row) => row >= top - 1 && row <= top + 161);
    expect(Math.min(...within(blue, distance!))).toBeLessThanOrEqual(distance! + 1);
    expect(Math.min(...within(blue, shares!))).toBeLessThan(Math.min(...within(orange, shares!)));
    expect(within(green, score!)).not.toEqual([]);
  });

  test('has room below zero where there are negative values', () => {
    const negative = new Map([
      ['dReal', measured(-1)],
      ['dFake', measured(1)],
    ]);
    const picture = drawCurves({ ...constant(steps, 0.5, 1.5, 0.75), figures: negative });
    const [real, fake] = [blue, orange].map((color) => rowsOf(picture, 500, color).filter((row) => row > 690));
    expect(Math.abs(Math.min(...fake!) - 700)).toBeLessThanOrEqual(2);
    expect(Math.abs(Math.max(...real!) - 860)).toBeLessThanOrEqual(2);
  });
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
