// NumPy's files: .npy, one array (numpy.lib.format), and .npz, a ZIP archive of several (numpy.savez).
import { types } from 'node:util';
import { inWords, trueOrFalse } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { checkOptions, type OptionNames } from '../options.js';
import {
  createTypedArray,
  dtypeOf,
  type OwnFloat32Array,
  type OwnInt32Array,
  type OwnTypedArray,
  type OwnUint8Array,
  requireTensor,
  type Shape,
  sizeOf,
  type Tensor,
} from '../tensor.js';
import { type ByteSource, bytesSource, fileSource } from './byte-source.js';
import { bytesIn, readElements } from './element-reader.js';
import { npy, npz, requireEnding } from './endings.js';
import { InputFile, writeFileAtomic } from './files.js';
import { encodeNpyHeader, readNpyHeader } from './npy-header.js';
import { readEntries, unpack } from './zip.js';
import { zipParts } from './zip-writer.js';

/** What is read of a file: float32, int32 or uint8. */
export type NpyArray = Tensor<OwnFloat32Array | OwnInt32Array | OwnUint8Array>;

/** What `saveNpz` takes. */
export interface NpzOptions {
  /** Whether to compress, as `numpy.savez_compressed` does. Default false. */
  readonly compress?: boolean | undefined;
}

const optionNames: OptionNames<NpzOptions> = { compress: true };
const suffix = '.npy';

/**
 * Reads an array of versions 1 to 3, of either order of bytes and of dimensions: uint8, int32 and float32 as they are, bool
 * as uint8 of 0 and 1; int8, int16, uint16, uint32, int64 and uint64 as int32, float16 and float64 as float32, where
 * these can hold every element to the last bit.
 * @throws CudaGanError `CUDA_GAN_FILE` when the file is missing or damaged, or holds another type or a number that would
 * be rounded.
 */
export async function loadNpy(path: string): Promise<NpyArray> {
  return InputFile.with(path, async (file) => readNpy(await fileSource(file)));
}

/**
 * Writes an array as it is at the moment of the call, for `numpy.load`.
 * @throws CudaGanError `CUDA_GAN_FILE` when the file cannot be written; an earlier one is then left as it was.
 * `CUDA_GAN_DATA` or `CUDA_GAN_SHAPE` for what is no tensor; `CUDA_GAN_VALUE` for a path that ends as other formats do.
 */
export async function saveNpy(path: string, tensor: Tensor): Promise<void> {
  requireEnding(path, npy);
  await writeFileAtomic(path, encodeNpy('the array', tensor));
}

/**
 * Reads the arrays of an archive, by name and in its order; members that are no .npy files are left out.
 * @throws CudaGanError `CUDA_GAN_FILE` when the file is missing or damaged, or none of its members is one; else as `loadNpy`.
 */
export async function loadNpz(path: string): Promise<Map<string, NpyArray>> {
  return InputFile.with(path, async (file) => readNpz(await fileSource(file)));
}

/**
 * Writes arrays as they are at the moment of the call, for `numpy.load`.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a name that is no text, or a wrong option; else as `saveNpy`.
 */
export async function saveNpz(path: string, tensors: ReadonlyMap<string, Tensor>, options?: NpzOptions): Promise<void> {
  const { compress = false } = checkOptions('saveNpz', options, optionNames);
  trueOrFalse('compress', compress);
  requireEnding(path, npz);
  if (!types.isMap(tensors)) {
    throw new CudaGanError('CUDA_GAN_VALUE', `tensors is ${inWords(tensors)}; wanted is a Map of tensors by name`);
  }
  const members = [...tensors].map(([name, tensor]) => {
    if (typeof name !== 'string' || name === '' || Buffer.byteLength(name) > 1000) {
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        `a tensor is called ${inWords(name)}; wanted are texts of 1 to 1000 bytes`,
      );
    }
    return { name: `${name}${suffix}`, parts: encodeNpy(`tensor "${name}"`, tensor) };
  });
  await writeFileAtomic(path, await zipParts(members, compress));
}

/** As `loadNpy`, of bytes that `source` names in errors. @internal */
export async function decodeNpy(bytes: Uint8Array, source = 'the data'): Promise<NpyArray> {
  return readNpy(bytesSource(bytes, source));
}

/** As `loadNpz`, of bytes that `source` names in errors. @internal */
export async function decodeNpz(bytes: Uint8Array, source = 'the data'): Promise<Map<string, NpyArray>> {
  return readNpz(bytesSource(bytes, source));
}

/** Header and data, of which `data` is a copy. */
function encodeNpy(name: string, given: Tensor): readonly Uint8Array[] {
  const { shape, data } = requireTensor(name, given);
  return [encodeNpyHeader(dtypeOf(data), shape), new Uint8Array(bytesIn(data))];
}

async function readNpz(source: ByteSource): Promise<Map<string, NpyArray>> {
  const arrays = new Map<string, NpyArray>();
  const entries = await readEntries(source);
  if (entries.length > 0 && !entries.some(({ name }) => name.endsWith(suffix))) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${source.path} holds no arrays: none of its ${entries.length} members, such as ${inWords(entries[0]!.name)}, ends in ${suffix}`,
    );
  }
  for (const entry of entries) {
    if (!entry.name.endsWith(suffix)) continue;
    const name = entry.name.slice(0, -suffix.length);
    arrays.set(name, await decodeNpy(await unpack(source, entry), `"${entry.name}" in ${source.path}`));
  }
  return arrays;
}

async function readNpy(source: ByteSource): Promise<NpyArray> {
  const { elements, bigEndian, shape, dataBegin, fortranOrder } = await readNpyHeader(source);
  const data = await readElements(source, { elements, bigEndian, begin: dataBegin, count: sizeOf(shape) });
  return { shape, data: fortranOrder ? inRowMajorOrder(data, shape) : data };
}

/** From Fortran's order, in which the first index varies fastest, to that in which the last one does. */
function inRowMajorOrder(data: OwnTypedArray, shape: Shape): OwnTypedArray {
  const result = createTypedArray(dtypeOf(data), data.length);
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
