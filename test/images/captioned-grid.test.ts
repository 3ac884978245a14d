// Pictures of a classifier: images with captions, and the confusion matrix.
import { describe, expect, test } from '@jest/globals';
import type { Canvas } from '../../lib/images/canvas';
import { drawCaptionedGrid } from '../../lib/images/captioned-grid';
import { drawMatrix } from '../../lib/images/matrix';
import { tensor } from '../../lib/index';

const at = ({ width, pixels }: Canvas, x: number, y: number) => [
  ...pixels.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];

describe('images with captions', () => {
  const grey = tensor(Uint8Array.of(0, 255, 128, 64, 10, 20, 30, 40), [2, 2, 2, 1]);

  test('are drawn side by side, in rows, each pixel as a square', () => {
    const one = drawCaptionedGrid(grey, ['0>1', '2>3'], 2);
    const below = drawCaptionedGrid(grey, ['0>1', '2>3'], 1);
    expect(below.height).toBeGreaterThan(one.height);
    expect(below.width).toBeLessThan(one.width);
    // 84 pixels of two: squares of 42, behind a gap of 8.
    expect(at(one, 8, 8)).toEqual([0, 0, 0]);
    expect(at(one, 8 + 42, 8)).toEqual([255, 255, 255]);
    expect(at(one, 8, 8 + 42)).toEqual([128, 128, 128]);
    expect(at(one, 8 + 83, 8 + 83)).toEqual([64, 64, 64]);
    expect(at(one, 8 + 84 + 8, 8)).toEqual([10, 10, 10]);
  });

  test('have something written below them, however long it is', () => {
    const long = 'a caption that is wider than its image';
    const { width, height, pixels } = drawCaptionedGrid(grey, [long, ''], 2);
    expect(width).toBeGreaterThan(2 * long.length * 12);
    const caption = pixels.subarray(3 * width * (8 + 84 + 1), 3 * width * (height - 1));
    expect(caption.some((value) => value < 100)).toBe(true);
  });

  test('may have colours, be numbers from 0 to 1, and of two channels show the first', () => {
    const colour = drawCaptionedGrid(tensor(Float32Array.of(0, 0.2, 2), [1, 1, 1, 3]), [''], 1);
    expect(at(colour, 10, 10)).toEqual([0, 51, 255]);
    expect(at(drawCaptionedGrid(tensor(Uint8Array.of(7, 9), [1, 1, 1, 2]), [''], 1), 10, 10)).toEqual([7, 7, 7]);
  });
});

test('in a confusion matrix, what is right is blue, mistakes are orange, the more the darker, and nothing is white', () => {
  const canvas = drawMatrix(
    [
      [90, 10, 0],
      [1, 99, 0],
      [0, 0, 0],
    ],
    ['a', 'b', 'c'],
  );
  const cell = canvas.width / 4;
  const corner = (row: number, column: number) => at(canvas, (column + 1) * cell + 2, (row + 1) * cell + 2);
  const [blue, orange, lighter] = [corner(0, 0), corner(0, 1), corner(1, 0)];
  expect(blue[2]).toBeGreaterThan(blue[0]!);
  expect(orange[0]).toBeGreaterThan(orange[2]!);
  expect(lighter[2]).toBeGreaterThan(orange[2]!);
  expect(lighter[2]).toBeLessThan(255);
  expect([corner(0, 2), corner(2, 2)]).toEqual([
    [255, 255, 255],
    [255, 255, 255],
  ]);
});
