// A confusion matrix as a picture: the darker a place, the more of its row is there.
import { Canvas, type Color, textHeight, textWidth } from './canvas.js';

const blue: Color = [31, 119, 180];
const orange: Color = [230, 120, 20];
const ink: Color = [40, 40, 40];
const margin = 12;

/**
 * Draws counts [classes][classes], a row for each class, a column for what it is taken for, both with their names: what is
 * right, on the diagonal, in blue, mistakes in orange, which are shown from the first on.
 */
export function drawMatrix(counts: readonly (readonly number[])[], names: readonly string[]): Canvas {
  const widest = Math.max(...[...counts.flat(), ...names].map((text) => textWidth(String(text))));
  const cell = Math.max(widest, textHeight()) + 2 * margin;
  const size = (counts.length + 1) * cell;
  const canvas = new Canvas(size, size);
  const write = (text: string, column: number, row: number) => {
    const left = column * cell + Math.round((cell - textWidth(text)) / 2);
    canvas.text(text, left, row * cell + Math.round((cell - textHeight()) / 2), ink);
  };
  counts.forEach((row, i) => {
    write(names[i]!, 0, i + 1);
    write(names[i]!, i + 1, 0);
    const total = row.reduce((sum, count) => sum + count, 0);
    row.forEach((count, j) => {
      const [left, top] = [(j + 1) * cell, (i + 1) * cell];
      // Shares of mistakes are small: their cube root tells them apart.
      const shade = total === 0 ? 0 : 0.7 * Math.cbrt(count / total);
      canvas.fill(left + 1, cell - 2, top + 1, top + cell - 1, i === j ? blue : orange, shade);
      write(String(count), j + 1, i + 1);
    });
  });
  return canvas;
}
