// Images side by side, with a line of text under each.
import type { Tensor } from '../tensor.js';
import { Canvas, type Color, textHeight, textWidth } from './canvas.js';

const gap = 8;
const ink: Color = [40, 40, 40];
/** Pixels, about, that an image is drawn with. */
const drawnSize = 84;

/**
 * Draws images [n, height, width, channels], bytes or numbers from 0 to 1, with a caption for each, in rows of `columns`. One
 * channel is grey, three are RGB; of other numbers the first three are drawn, or the first.
 */
export function drawCaptionedGrid(images: Tensor, captions: readonly string[], columns: number): Canvas {
  const [count, height, width] = images.shape as [number, number, number];
  const scale = Math.max(1, Math.round(drawnSize / height));
  const cellWidth = gap + Math.max(width * scale, ...captions.map((caption) => textWidth(caption)));
  const cellHeight = 2 * gap + height * scale + textHeight();
  const rows = Math.ceil(count / columns);
  const canvas = new Canvas(gap + Math.min(count, columns) * cellWidth, gap + rows * cellHeight);
  for (let i = 0; i < count; i++) {
    const [left, top] = [gap + (i % columns) * cellWidth, gap + Math.floor(i / columns) * cellHeight];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const rowTop = top + y * scale;
        canvas.fill(left + x * scale, scale, rowTop, rowTop + scale, colorAt(images, (i * height + y) * width + x));
      }
    }
    canvas.text(captions[i]!, left, top + height * scale + gap / 2, ink);
  }
  return canvas;
}

/** Of pixel number `place` of all images. */
function colorAt({ shape, data }: Tensor, place: number): Color {
  const channels = shape[3]!;
  const isColor = channels >= 3;
  const byteOf = (channel: number) => {
    const value = data[place * channels + channel]!;
    return data instanceof Uint8Array ? value : 255 * Math.min(1, Math.max(0, value));
  };
  return isColor ? [byteOf(0), byteOf(1), byteOf(2)] : [byteOf(0), byteOf(0), byteOf(0)];
}
