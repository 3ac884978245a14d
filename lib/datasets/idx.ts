// The IDX format of the MNIST files (LeCun, Cortes & Burges, "The MNIST database of handwritten digits"): two zero
// bytes, the element type, the number of dimensions, the dimensions as big-endian words, then the elements.
import { CudaGanError } from '../errors.js';
import { formatShape, sizeOf, type Tensor } from '../tensor.js';

const unsignedByte = 0x08;

/**
 * Reads IDX data of unsigned bytes; `source` names it in errors.
 * @throws CudaGanError `CUDA_GAN_FILE` for a wrong magic number, number of dimensions or length.
 */
export function decodeIdx(bytes: Uint8Array, dimensions: number, source: string): Tensor<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = 4 + 4 * dimensions;
  const magic = (unsignedByte << 8) | dimensions;
  if (bytes.length < headerBytes) {
    throw new CudaGanError('CUDA_GAN_FILE', `${source} is truncated: it has only ${bytes.length} bytes`);
  }
  const found = view.getUint32(0);
  if (found !== magic) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${source} is not an IDX file of bytes with ${dimensions} dimensions: its magic number is 0x${hex(found)}, wanted is 0x${hex(magic)}`,
    );
  }
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + headerBytes, bytes.length - headerBytes);
  if (data.length !== sizeOf(shape)) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${source} should hold ${formatShape(shape)}, ${sizeOf(shape)} bytes; ${data.length} are there`,
    );
  }
  return { shape, data };
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
