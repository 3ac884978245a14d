// Animated PNG files (ISO/IEC 15948, third edition 2025): the compressed data of PNG files, one after the other.
import { CudaGanError } from '../errors.js';
import { type Chunk, decodeChunks, encodeChunks, uint32 } from './png-chunks.js';

/** A PNG file, and what messages call it. */
export interface Frame {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Timing {
  /** How long a frame stays. At most 65535. */
  readonly frameMilliseconds: number;
  /** How long the last one does. At most 65535. */
  readonly lastMilliseconds: number;
}

const palette = 3;
const colorTypes: Readonly<Record<number, string>> = {
  0: 'grey',
  2: 'RGB',
  [palette]: 'with a palette',
  4: 'grey with alpha',
  6: 'RGB with alpha',
};

/** Collects frames of one size and one type, which need not be decoded for that. */
export class AnimatedPng {
  #first: { readonly name: string; readonly header: Buffer } | undefined;
  /** The data of each frame as the file of the frame had it, in one chunk or several. */
  readonly #frames: Uint8Array[][] = [];

  /** Adds a frame. Of its file only the picture counts: remarks, gamma and the like are left out. */
  async add({ name, bytes }: Frame): Promise<void> {
    const chunks = await decodeChunks(name, bytes);
    const header = requireHeader(name, chunks[0]!);
    this.#first ??= { name, header };
    requireSameKind(this.#first, { name, header });
    const data = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
    if (data.length === 0) throw new CudaGanError('CUDA_GAN_FILE', `${name} is damaged: it holds no picture`);
    this.#frames.push(data);
  }

  /**
   * The file. It plays without end, and shows its first frame where animations are not known.
   * @throws CudaGanError `CUDA_GAN_DATA` without a frame.
   */
  async encode({ frameMilliseconds, lastMilliseconds }: Timing): Promise<Uint8Array> {
    if (this.#first === undefined) throw new CudaGanError('CUDA_GAN_DATA', 'there are no frames to make a movie of');
    const { header } = this.#first;
    const size = header.subarray(0, 8);
    const last = this.#frames.length - 1;
    let sequence = 0;
    const chunks = this.#frames.flatMap((frame, i): Chunk[] => [
      { type: 'fcTL', data: frameControl(sequence++, size, i === last ? lastMilliseconds : frameMilliseconds) },
      // The first frame is the picture of the file as well; the data of the others is numbered.
      ...frame.map((data) =>
        i === 0 ? { type: 'IDAT', data } : { type: 'fdAT', data: Buffer.concat([uint32(sequence++), data]) },
      ),
    ]);
    const forever = uint32(0);
    return encodeChunks([
      { type: 'IHDR', data: header },
      { type: 'acTL', data: Buffer.concat([uint32(this.#frames.length), forever]) },
      ...chunks,
      { type: 'IEND', data: Buffer.alloc(0) },
    ]);
  }
}

/** The frame covers all, is shown for so long, and replaces what was there (dispose none, blend source). */
function frameControl(sequence: number, size: Uint8Array, milliseconds: number): Uint8Array {
  const delay = Buffer.alloc(4);
  delay.writeUInt16BE(milliseconds, 0);
  delay.writeUInt16BE(1000, 2);
  const [offset, disposeAndBlend] = [Buffer.alloc(8), Buffer.alloc(2)];
  return Buffer.concat([uint32(sequence), size, offset, delay, disposeAndBlend]);
}

function requireHeader(name: string, { type, data }: Chunk): Buffer {
  if (type !== 'IHDR' || data.length !== 13) {
    throw new CudaGanError('CUDA_GAN_FILE', `${name} is damaged: its first chunk is no header`);
  }
  const header = Buffer.from(data);
  if (header[9] !== palette) return header;
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${name} is a PNG file with a palette; the frames of a movie are grey or RGB`,
  );
}

function requireSameKind(
  first: { readonly name: string; readonly header: Buffer },
  { name, header }: { readonly name: string; readonly header: Buffer },
): void {
  if (header.equals(first.header)) return;
  const [wanted, found] = [kindOf(first.header), kindOf(header)];
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `${first.name} is ${wanted}, but ${name} is ${found}: the frames of a movie are of one size and type`,
  );
}

/** `456 x 456 pixels, 8 bits grey`. */
function kindOf(header: Buffer): string {
  const size = `${header.readUInt32BE(0)} x ${header.readUInt32BE(4)} pixels`;
  const interlaced = header[12] === 0 ? '' : ', interlaced';
  return `${size}, ${header[8]} bits ${colorTypes[header[9]!] ?? 'of an unknown kind'}${interlaced}`;
}
