// The chunks that PNG files (ISO/IEC 15948, third edition 2025) consist of: each a length, a type of four letters, data and
// the checksum of both.
import { CudaGanError } from '../errors.js';

export interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Bytes of a chunk beside its data. */
const frameBytes = 12;

/** A file of these chunks. */
export async function encodeChunks(chunks: readonly Chunk[]): Promise<Uint8Array> {
  const { crc32 } = await import('node:zlib');
  const encoded = chunks.map(({ type, data }) => {
    const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    return Buffer.concat([uint32(data.length), content, uint32(crc32(content))]);
  });
  return Buffer.concat([signature, ...encoded]);
}

/**
 * The chunks of a file, up to its end, IEND. Their data is a view of `bytes`.
 * @param name what messages call the file.
 * @throws CudaGanError `CUDA_GAN_FILE` for what is no PNG file, or a damaged one.
 */
export async function decodeChunks(name: string, bytes: Uint8Array): Promise<Chunk[]> {
  const { crc32 } = await import('node:zlib');
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!file.subarray(0, signature.length).equals(signature)) throw damaged(`${name} is no PNG file`);
  const chunks: Chunk[] = [];
  for (let at = signature.length; chunks.at(-1)?.type !== 'IEND'; ) {
    const end = at + frameBytes <= file.length ? at + frameBytes + file.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (end > file.length) throw damaged(`${name} is truncated: it ends after ${file.length} bytes, in mid-picture`);
    const content = file.subarray(at + 4, end - 4);
    const type = content.toString('latin1', 0, 4);
    if (crc32(content) !== file.readUInt32BE(end - 4)) {
      throw damaged(`${name} is damaged: the checksum of its chunk ${JSON.stringify(type)} is wrong`);
    }
    chunks.push({ type, data: content.subarray(4) });
    at = end;
  }
  return chunks;
}

/** Four bytes, the highest first, as all numbers in PNG files. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function damaged(message: string): CudaGanError {
  return new CudaGanError('CUDA_GAN_FILE', message);
}
