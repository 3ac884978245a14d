// Image files of all kinds, for tests.
import sharp from 'sharp';

export type Pixel = readonly number[];

interface Drawing {
  readonly height?: number;
  readonly width?: number;
}

/** An image of one colour, or of what `pixels` gives for each place. */
export function draw(pixels: Pixel | ((y: number, x: number) => Pixel), { height = 4, width = 4 }: Drawing = {}) {
  const at = typeof pixels === 'function' ? pixels : () => pixels;
  const rows = Array.from({ length: height * width }, (_, i) => at(Math.floor(i / width), i % width));
  const channels = rows[0]!.length as 1 | 2 | 3 | 4;
  return sharp(Buffer.from(rows.flat()), { raw: { height, width, channels } });
}

/** Of noise, which neither JPEG nor PNG can make small. */
export function noise({ height = 64, width = 64 }: Drawing = {}) {
  return draw((y, x) => [0, 1, 2].map((channel) => (((y * 131 + x * 57 + channel * 89) ** 2) >> 3) % 256), {
    height,
    width,
  });
}
