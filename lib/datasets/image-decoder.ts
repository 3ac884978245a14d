// Decodes images of all kinds to pixels of one kind, by the package sharp.
import type { Sharp } from './sharp.cjs';

export interface PixelFormat {
  /** Undefined: as it is in the file. */
  readonly size: { readonly height: number; readonly width: number } | undefined;
  readonly fit: 'crop' | 'contain';
  /** Grey, RGB, or RGB and alpha. */
  readonly channels: 1 | 3 | 4;
  readonly background: Color;
}

export interface Color {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

export interface Pixels {
  readonly height: number;
  readonly width: number;
  /** Rows of interleaved channels. */
  readonly data: Uint8Array;
}

const formats = ['png', 'jpeg', 'webp'];
/**
 * As many as a JPEG file can have in a row. A small file may tell of any number and be whole, and rows are held in memory: 3 GB for
 * rows of ten million pixels.
 */
const maxSide = 2 ** 16 - 1;
/** An image that is turned is held as a whole. */
const maxPixels = 1e8;
const modes = { crop: 'cover', contain: 'contain' } as const;

/**
 * The first picture of a PNG, JPEG or WebP file, turned as its EXIF orientation says, in 8 bits of sRGB or grey.
 * @throws Error with a reason for people when it is none, or is damaged.
 */
export async function decodeImage(sharp: Sharp, bytes: Uint8Array, format: PixelFormat): Promise<Pixels> {
  if (bytes.length === 0) throw new Error('it is empty');
  const { size, fit, channels, background } = format;
  const image = sharp(bytes, { limitInputPixels: false });
  const { format: found, height, width } = await image.metadata();
  if (!formats.includes(found)) throw new Error(`it is of the kind ${found}; allowed are ${formats.join(', ')}`);
  if (Math.max(height, width) > maxSide || height * width > maxPixels) {
    throw new Error(
      `it has ${height} x ${width} pixels; allowed are sides of at most ${maxSide}, and ${maxPixels} pixels in all`,
    );
  }
  image.autoOrient();
  // Without shortcuts of the JPEG decoder, which alias.
  const filter = { kernel: 'lanczos3', fastShrinkOnLoad: false } as const;
  if (size !== undefined) image.resize(size.width, size.height, { fit: modes[fit], background, ...filter });
  if (channels === 4) image.toColourspace('srgb').ensureAlpha();
  else image.flatten({ background }).toColourspace(channels === 1 ? 'b-w' : 'srgb');
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (info.channels !== channels) throw new Error(`it has ${info.channels} channels; wanted are ${channels}`);
  return { height: info.height, width: info.width, data };
}
