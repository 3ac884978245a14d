// Reads elements of NumPy's types from a file as those of a tensor, where these can hold them to the last bit.
import { CudaGanError } from '../errors.js';
import { createTypedArray, type OwnTypedArray, type TypedArray } from '../tensor.js';
import { type ByteSource, bytesAt } from './byte-source.js';
import { type ElementType, holds } from './npy-elements.js';

/** Elements that lie one behind the other. */
export interface ElementPlace {
  readonly elements: ElementType;
  readonly bigEndian: boolean;
  readonly begin: number;
  readonly count: number;
}

/** @throws CudaGanError `CUDA_GAN_FILE` for a number that would be rounded. */
export function readElements(source: ByteSource, place: ElementPlace): Promise<OwnTypedArray> {
  return place.elements.same ? readSame(source, place) : readConverted(source, place);
}

/** The memory of `data`. */
export function bytesIn({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The elements in `bytes`, the place of which begins there. @throws as `readElements`. */
export function decodeElements(
  bytes: Uint8Array,
  { elements, bigEndian, count }: ElementPlace,
  path: string,
): OwnTypedArray {
  const data = createTypedArray(elements.dtype, count);
  const wrong = convert(bytes, elements, !bigEndian, data);
  if (wrong !== undefined) throw cannotHold(path, elements, wrong.value, wrong.index);
  return data;
}

async function readSame(source: ByteSource, { elements, bigEndian, begin, count }: ElementPlace) {
  const data = createTypedArray(elements.dtype, count);
  const bytes = bytesIn(data);
  await source.read(bytes, begin);
  if (bigEndian && elements.bytes === 4) Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).swap32();
  return data;
}

/** How many elements are converted at once. */
const pieceLength = 2 ** 17;

async function readConverted(source: ByteSource, place: ElementPlace): Promise<OwnTypedArray> {
  const { elements, bigEndian, begin, count } = place;
  const data = createTypedArray(elements.dtype, count);
  for (let done = 0; done < data.length; done += pieceLength) {
    const piece = data.subarray(done, done + pieceLength);
    const bytes = await bytesAt(source, begin + done * elements.bytes, piece.length * elements.bytes);
    const wrong = convert(bytes, elements, !bigEndian, piece);
    if (wrong !== undefined) throw cannotHold(source.path, elements, wrong.value, done + wrong.index);
  }
  return data;
}

/** Fills `target`; the first number that it cannot hold, if there is one. */
function convert(
  bytes: Uint8Array,
  { bytes: width, dtype, read }: ElementType,
  littleEndian: boolean,
  target: TypedArray,
): { readonly index: number; readonly value: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < target.length; index++) {
    const value = read(view, index * width, littleEndian);
    if (!holds(dtype, value)) return { index, value };
    target[index] = value;
  }
  return undefined;
}

function cannotHold(path: string, { name, dtype }: ElementType, value: number, index: number): CudaGanError {
  return new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} has the type ${name}, and its element ${index}, ${value}, is no ${dtype} number: save it as ${dtype}, ${dtype === 'float32' ? 'which rounds it' : 'with numbers that fit into that'}`,
  );
}
