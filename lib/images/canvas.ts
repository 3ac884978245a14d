// A picture to draw on: rectangles with soft edges and small text.
import { glyph, glyphHeight, glyphWidth } from './font.js';
import type { Picture } from './png.js';

export type Color = readonly [red: number, green: number, blue: number];

const letterGap = 1;

export class Canvas implements Picture {
  readonly channels = 3;
  readonly pixels: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.pixels = new Uint8Array(3 * width * height).fill(255);
  }

  /** Mixes `color` into [x, x + width) × [top, bottom), where top and bottom may cut through pixels. */
  fill(x: number, width: number, top: number, bottom: number, color: Color, opacity = 1): void {
    for (let row = Math.max(0, Math.floor(top)); row < Math.min(this.height, Math.ceil(bottom)); row++) {
      const coverage = Math.min(row + 1, bottom) - Math.max(row, top);
      for (let column = x; column < x + width; column++) this.#mix(column, row, color, opacity * coverage);
    }
  }

  /** Writes from (x, y), the upper left corner, in letters `scale` times their 5x7 pixels. Returns the width. */
  text(text: string, x: number, y: number, color: Color, scale = 2): number {
    let left = x;
    for (const letter of text) {
      glyph(letter).forEach((row, i) => {
        [...row].forEach((mark, j) => {
          if (mark === '#') this.fill(left + j * scale, scale, y + i * scale, y + (i + 1) * scale, color);
        });
      });
      left += (glyphWidth + letterGap) * scale;
    }
    return left - x;
  }

  #mix(column: number, row: number, color: Color, opacity: number): void {
    if (column < 0 || column >= this.width || row < 0 || row >= this.height) return;
    const at = 3 * (row * this.width + column);
    for (let c = 0; c < 3; c++) {
      this.pixels[at + c] = Math.round(this.pixels[at + c]! * (1 - opacity) + color[c]! * opacity);
    }
  }
}

export function textWidth(text: string, scale = 2): number {
  return text.length * (glyphWidth + letterGap) * scale;
}

export function textHeight(scale = 2): number {
  return glyphHeight * scale;
}
