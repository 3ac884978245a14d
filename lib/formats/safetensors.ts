// The safetensors format (Hugging Face): a header, then the tensors' bytes.
import { types } from 'node:util';
import { inWords } from '../checks.js';
import { CudaGanError } from '../errors.js';
import {
  createTypedArray,
  dtypeOf,
  type OwnTypedArray,
  type OwnUint8Array,
  requireTensor,
  type Shape,
  sizeOf,
  type Tensor,
} from '../tensor.js';
import { type ByteSource, fileSource } from './byte-source.js';
import { bytesIn, decodeElements, readElements } from './element-reader.js';
import { requireEnding, safetensors } from './endings.js';
import { InputFile, writeFileAtomic } from './files.js';
import {
  encodeHeader,
  formatNames,
  headerBytesOf,
  isRecordOfTexts,
  type Layout,
  layoutOf,
  lengthBytes,
  metadataName,
  type TensorHeader,
} from './safetensors-header.js';

/** What a safetensors file holds. */
export interface Safetensors {
  /** By name, in the order of the file. */
  readonly tensors: ReadonlyMap<string, Tensor<OwnTypedArray>>;
  /** Texts by name; empty where the file has none. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The bytes of a file with `tensors`, in their order. The data starts at a multiple of eight bytes.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a name or metadata that is no text; `CUDA_GAN_DATA` or `CUDA_GAN_SHAPE` for
 * what is no tensor.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): OwnUint8Array {
  const parts = partsOf(tensors, metadata);
  const bytes = createTypedArray(
    'uint8',
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}

/**
 * Reads a file's bytes; `source` names them in errors. U8, I32 and F32 are read as they are, BOOL as uint8 of 0 and 1; other whole
 * numbers as int32, F16, BF16 and F64 as float32, where these can hold every element to the last bit.
 * @throws CudaGanError `CUDA_GAN_FILE` when they are not a whole, consistent safetensors file, or hold a number that would be rounded;
 * `CUDA_GAN_VALUE` when they are no Uint8Array.
 */
export function decodeSafetensors(bytes: Uint8Array, source = 'the data'): Safetensors {
  if (!types.isUint8Array(bytes) || typeof source !== 'string') {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `found are ${inWords(bytes)} and ${inWords(source)}; wanted are a Uint8Array and a text that names it`,
    );
  }
  const dataBegin = lengthBytes + headerBytesOf(bytes.subarray(0, lengthBytes), bytes.length, source);
  const { places, metadata } = layoutOf(bytes.subarray(lengthBytes, dataBegin), bytes.length - dataBegin, source);
  const data = bytes.subarray(dataBegin);
  const tensors = places.map(({ name, elements, shape, begin, end }) => {
    const place = { elements, bigEndian: false, begin: 0, count: sizeOf(shape) };
    return [
      name,
      { shape, data: decodeElements(data.subarray(begin, end), place, `tensor "${name}" in ${source}`) },
    ] as const;
  });
  return { tensors: new Map(tensors), metadata };
}

/**
 * Saves tensors as they are at the moment of the call.
 * @throws CudaGanError `CUDA_GAN_FILE` when the file cannot be written; an earlier one is then left as it was;
 * `CUDA_GAN_VALUE` for a path that ends as other formats do. Otherwise as `encodeSafetensors`.
 */
export async function saveSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  requireEnding(path, safetensors);
  await writeFileAtomic(
    path,
    partsOf(tensors, metadata).map((part) => new Uint8Array(part)),
  );
}

/** As `saveSafetensors`, without a copy: leave the tensors as they are until the promise resolves. */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomic(path, partsOf(tensors, metadata));
}

/** As `decodeSafetensors`, of a file. @throws CudaGanError `CUDA_GAN_FILE` when the file is missing or damaged. */
export async function loadSafetensors(path: string): Promise<Safetensors> {
  return InputFile.with(path, async (file) => {
    if (file.size === undefined) return decodeSafetensors(await file.readAll(), path);
    const { places, metadata, dataBegin } = await readLayout(file, file.size);
    const tensors = new Map<string, Tensor<OwnTypedArray>>();
    const source = await fileSource(file);
    for (const { name, elements, shape, begin } of places) {
      const place = { elements, bigEndian: false, begin: dataBegin + begin, count: sizeOf(shape) };
      const named = { ...source, path: `tensor "${name}" in ${source.path}` };
      tensors.set(name, { shape, data: await readElements(named, place) });
    }
    return { tensors, metadata };
  });
}

/** The metadata of a file, without its tensors. @throws as `loadSafetensors`. */
export async function loadMetadata(path: string): Promise<Safetensors['metadata']> {
  return InputFile.with(path, async (file) => {
    if (file.size === undefined) return decodeSafetensors(await file.readAll(), path).metadata;
    return (await readLayout(file, file.size)).metadata;
  });
}

/** A tensor of a file, without its elements. */
export interface TensorDescription {
  readonly name: string;
  /** In the file, as NumPy names it. */
  readonly dtype: string;
  readonly shape: Shape;
}

/** The tensors of a file in its order. @throws as `loadSafetensors`. */
export async function listTensors(path: string): Promise<readonly TensorDescription[]> {
  return InputFile.with(path, async (file) => {
    const source = await fileSource(file);
    const { places } = await readLayout(source, source.size);
    return places.map(({ name, elements, shape }) => ({ name, dtype: elements.name, shape }));
  });
}

async function readLayout(
  file: Pick<ByteSource, 'path' | 'read'>,
  size: number,
): Promise<Layout & { readonly dataBegin: number }> {
  const length = new Uint8Array(Math.min(lengthBytes, size));
  await file.read(length, 0);
  const header = new Uint8Array(headerBytesOf(length, size, file.path));
  await file.read(header, lengthBytes);
  const dataBegin = lengthBytes + header.length;
  return { ...layoutOf(header, size - dataBegin, file.path), dataBegin };
}

/** The file in parts: its header, then the data of each tensor, not copied. */
function partsOf(tensors: ReadonlyMap<string, Tensor>, metadata: Readonly<Record<string, string>>): Uint8Array[] {
  if (!types.isMap(tensors)) {
    throw new CudaGanError('CUDA_GAN_VALUE', `tensors is ${inWords(tensors)}; wanted is a Map of tensors by name`);
  }
  if (!isRecordOfTexts(metadata)) {
    throw new CudaGanError('CUDA_GAN_VALUE', `metadata is ${inWords(metadata)}; wanted is a record of texts`);
  }
  let offset = 0;
  const entries: [name: string, TensorHeader][] = [];
  const parts: Uint8Array[] = [];
  for (const [name, given] of tensors) {
    if (typeof name !== 'string' || name === metadataName) {
      throw new CudaGanError('CUDA_GAN_VALUE', `a tensor is called ${inWords(name)}; wanted are other texts`);
    }
    const { shape, data } = requireTensor(`tensor "${name}"`, given);
    entries.push([
      name,
      { dtype: formatNames[dtypeOf(data)], shape, data_offsets: [offset, offset + data.byteLength] },
    ]);
    parts.push(bytesIn(data));
    offset += data.byteLength;
  }
  return [encodeHeader({ [metadataName]: metadata, ...Object.fromEntries(entries) }), ...parts];
}
