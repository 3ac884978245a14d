// One checkpoint: a safetensors file with everything that a step reads, by path, and the rest of a training as JSON.
import { setImmediate } from 'node:timers/promises';
import type { Device, KeptArray } from '../devices/device.js';
import { CudaGanError } from '../errors.js';
import { decodePlain, encodePlain } from '../formats/plain-data.js';
import { loadSafetensors, writeSafetensors } from '../formats/safetensors.js';
import { packageVersion } from '../package-info.cjs';
import type { Variable } from '../program/variable.js';
import { dtypeOf, formatShape, type Shape, sameShape, type Tensor, type TypedArray, tensor } from '../tensor.js';

/** Variables by path: `generator/dense/kernel`, `discriminatorOptimizer/dense/kernel/m`. */
export type State = ReadonlyMap<string, Variable>;

export interface Checkpoint {
  readonly path: string;
  /** What trained: `gan` or `fit`. */
  readonly kind: string;
  /** What the training said of itself. */
  readonly data: unknown;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Makes sure that a checkpoint has everything that steps change. @throws CudaGanError `CUDA_GAN_INTERNAL` */
export function requireComplete(state: State, updated: readonly Variable[]): void {
  const known = new Set(state.values());
  const missing = updated.find((variable) => !known.has(variable));
  if (missing === undefined) return;
  throw new CudaGanError('CUDA_GAN_INTERNAL', `a step changes "${missing.name}", which no checkpoint would have`);
}

/** What is to be written: the state as it was copied, and the rest as JSON with arrays apart. */
export interface CheckpointContent {
  readonly kind: string;
  readonly state: State;
  readonly contents: readonly KeptArray[];
  readonly json: string;
  readonly arrays: ReadonlyMap<string, TypedArray>;
}

const format = 'cuda-gan checkpoint';

/** Summed up at once, in a few milliseconds: others want to run, too. */
const pieceBytes = 2 ** 22;

/** Of arrays within the JSON. */
const arraysPath = 'data';

/** The rest of a checkpoint as it is at this moment. @throws CudaGanError `CUDA_GAN_VALUE` for what is no plain data. */
export function encodeData(label: string, data: unknown): Pick<CheckpointContent, 'json' | 'arrays'> {
  const arrays = new Map<string, TypedArray>();
  return { json: encodePlain(label, data, arraysPath, arrays), arrays };
}

/** Leave all arrays as they are until the promise resolves. @throws CudaGanError `CUDA_GAN_FILE` */
export async function writeCheckpoint(path: string, content: CheckpointContent): Promise<void> {
  const { kind, state, contents, json, arrays } = content;
  const tensors = new Map<string, Tensor>();
  [...state].forEach(([name, { shape }], i) => {
    tensors.set(name, keptTensor(contents[i]!, shape));
  });
  for (const [name, data] of arrays) tensors.set(name, tensor(data));
  const described = { kind, data: json };
  const checksum = await checksumOf(described, tensors);
  await writeSafetensors(path, tensors, { format, version: packageVersion(), ...described, checksum });
}

/** @throws CudaGanError `CUDA_GAN_FILE` when the file is missing or damaged, or no checkpoint of this version. */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const { tensors, metadata } = await loadSafetensors(path);
  const { version, kind = '', data = '', checksum } = metadata;
  if (metadata.format !== format) throw new CudaGanError('CUDA_GAN_FILE', `${path} is no checkpoint of cuda-gan`);
  if (version !== packageVersion()) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${path} was written by cuda-gan ${version}, and this is ${packageVersion()}: only the version that began a run can resume it`,
    );
  }
  if (checksum !== (await checksumOf({ kind, data }, tensors))) {
    throw new CudaGanError('CUDA_GAN_FILE', `${path} is damaged: its checksum is not that of what it holds`);
  }
  const arrays = new Map([...tensors].map(([name, { data }]) => [name, data] as const));
  const state = new Map([...tensors].filter(([name]) => !name.startsWith(`${arraysPath}/`)));
  return { path, kind, data: decodePlain(data, arrays), tensors: state };
}

/** CRC-32 of all that a checkpoint holds, in hexadecimal: a bit that a disk has changed is found. */
async function checksumOf(
  described: Readonly<Record<'kind' | 'data', string>>,
  tensors: ReadonlyMap<string, Tensor>,
): Promise<string> {
  const { crc32 } = process.getBuiltinModule('node:zlib'); // here, because it takes long to load
  const shapes = [...tensors].map(([name, { shape, data }]) => [name, dtypeOf(data), shape]);
  let sum = crc32(JSON.stringify([described.kind, described.data, shapes]));
  let busy = 0;
  for (const { data } of tensors.values()) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes);
      sum = crc32(piece, sum);
      busy += piece.length;
      if (busy < pieceBytes) continue;
      await setImmediate();
      busy = 0;
    }
  }
  return sum.toString(16).padStart(8, '0');
}

/**
 * Brings a checkpoint's state back.
 * @throws CudaGanError `CUDA_GAN_FILE` when names or shapes differ; nothing changes then.
 */
export async function restoreState({ path, tensors }: Checkpoint, state: State, device: Device): Promise<void> {
  const misfit = (what: string) =>
    new CudaGanError('CUDA_GAN_FILE', `${path} does not fit what is to be trained: ${what}`);
  const unknown = [...tensors.keys()].find((name) => !state.has(name));
  if (unknown !== undefined) throw misfit(`it has "${unknown}", which is not there`);
  const contents = [...state].map(([name, variable]) => {
    const found = tensors.get(name);
    if (found === undefined) throw misfit(`it has no "${name}"`);
    const content = contentFor(variable, found);
    if (content !== undefined) return { variable, content };
    throw misfit(`"${name}" has shape ${formatShape(variable.shape)}, there ${formatShape(found.shape)}`);
  });
  await Promise.all(contents.map(({ variable, content }) => variable.writeKept(content, device)));
}

const float64Bytes = 8;

/** A tensor of float64, which safetensors of this package do not have, has its bytes along a last axis of eight. */
function keptTensor(data: KeptArray, shape: Shape): Tensor {
  if (data.BYTES_PER_ELEMENT !== float64Bytes) return tensor(data as TypedArray, shape);
  return tensor(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), [...shape, float64Bytes]);
}

/** Undefined when it does not fit. */
function contentFor({ shape, dtype }: Variable, found: Tensor): KeptArray | undefined {
  const found64 = dtype === 'float32' && dtypeOf(found.data) === 'uint8';
  if (found64 && sameShape(found.shape, [...shape, float64Bytes])) {
    const { buffer, byteOffset, length } = found.data;
    return new Float64Array(buffer, byteOffset, length / float64Bytes);
  }
  return dtypeOf(found.data) === dtype && sameShape(found.shape, shape) ? found.data : undefined;
}
