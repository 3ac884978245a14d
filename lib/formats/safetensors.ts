// The safetensors format (Hugging Face): eight bytes with the header's length, a JSON header, then the tensors' bytes.
import { CudaGanError } from '../errors.js';
import {
  bytesPerElement,
  type DType,
  dtypeOf,
  type OwnTypedArray,
  type OwnUint8Array,
  type Shape,
  sizeOf,
  type Tensor,
} from '../tensor.js';
import { readBytes, writeFileAtomic } from './files.js';

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Tensor<OwnTypedArray>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const formatNames = { float32: 'F32', int32: 'I32', uint8: 'U8' } as const satisfies Record<DType, string>;
const dtypes = new Map<string, DType>(Object.entries(formatNames).map(([dtype, name]) => [name, dtype as DType]));

const lengthBytes = 8;
/** The format's own limit for the header. */
const maxHeaderBytes = 100_000_000;

interface TensorHeader {
  readonly dtype: string;
  readonly shape: Shape;
  readonly data_offsets: readonly [begin: number, end: number];
}

/** The bytes of a file with `tensors`, in their order. The data starts at a multiple of eight bytes. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): OwnUint8Array {
  let offset = 0;
  const entries = [...tensors].map(([name, { shape, data }]) => {
    const begin = offset;
    offset += data.byteLength;
    return [name, { dtype: formatNames[dtypeOf(data)], shape, data_offsets: [begin, offset] }] as const;
  });
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const unpadded = new TextEncoder().encode(json);
  const headerBytes = Math.ceil(unpadded.length / 8) * 8;
  const bytes = new Uint8Array(lengthBytes + headerBytes + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, lengthBytes, lengthBytes + headerBytes);
  bytes.set(unpadded, lengthBytes);
  let position = lengthBytes + headerBytes;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a file's bytes; `source` names them in errors.
 * @throws CudaGanError `CUDA_GAN_FILE` when they are not a whole, consistent safetensors file of F32, I32 and U8 tensors.
 */
export function decodeSafetensors(bytes: Uint8Array, source = 'the data'): Safetensors {
  const damaged = (what: string) => new CudaGanError('CUDA_GAN_FILE', `${source} is not a safetensors file: ${what}`);
  if (bytes.length < lengthBytes) throw damaged(`it has only ${bytes.length} bytes`);
  const headerBytes = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (headerBytes > maxHeaderBytes || lengthBytes + headerBytes > bytes.length) {
    throw damaged(`its header should have ${headerBytes} bytes, but the file has ${bytes.length}`);
  }
  const header = parseHeader(bytes.subarray(lengthBytes, lengthBytes + headerBytes), damaged);
  const data = bytes.subarray(lengthBytes + headerBytes);

  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw damaged('its __metadata__ is not a record of texts');
  }
  const tensors = new Map<string, Tensor<OwnTypedArray>>();
  let covered = 0;
  const byOffset = Object.entries(entries).sort(([, a], [, b]) => beginOf(a) - beginOf(b));
  for (const [name, entry] of byOffset) {
    if (!isTensorHeader(entry)) throw damaged(`the entry "${name}" is not a tensor's`);
    const dtype = dtypes.get(entry.dtype);
    if (dtype === undefined) {
      throw new CudaGanError(
        'CUDA_GAN_FILE',
        `tensor "${name}" in ${source} has the type ${entry.dtype}; allowed are ${[...dtypes.keys()].join(', ')}`,
      );
    }
    const [begin, end] = entry.data_offsets;
    if (begin !== covered || end - begin !== sizeOf(entry.shape) * bytesPerElement[dtype]) {
      throw damaged(`tensor "${name}" of shape [${entry.shape.join(', ')}] does not fit its bytes ${begin} to ${end}`);
    }
    if (end > data.length) throw damaged(`it is truncated: ${data.length} of at least ${end} data bytes are there`);
    tensors.set(name, { shape: entry.shape, data: typedArray(dtype, new Uint8Array(data.subarray(begin, end))) });
    covered = end;
  }
  if (covered !== data.length) throw damaged(`${data.length - covered} bytes at its end belong to no tensor`);
  const inFileOrder = Object.keys(entries).map((name) => [name, tensors.get(name)!] as const);
  return { tensors: new Map(inFileOrder), metadata: metadata as Record<string, string> };
}

/** @throws CudaGanError `CUDA_GAN_FILE` when the file cannot be written; an earlier one is then left as it was. */
export async function saveSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomic(path, encodeSafetensors(tensors, metadata));
}

/** @throws CudaGanError `CUDA_GAN_FILE` when the file is missing or damaged. */
export async function loadSafetensors(path: string): Promise<Safetensors> {
  return decodeSafetensors(await readBytes(path), path);
}

function parseHeader(bytes: Uint8Array, damaged: (what: string) => CudaGanError): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged('its header is not JSON');
  }
  if (!isRecord(header)) throw damaged('its header is not a JSON object');
  return header;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTensorHeader(value: unknown): value is TensorHeader {
  if (!isRecord(value)) return false;
  const { dtype, shape, data_offsets: offsets } = value;
  return typeof dtype === 'string' && areCounts(shape) && areCounts(offsets) && offsets.length === 2;
}

function areCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function beginOf(entry: unknown): number {
  return isTensorHeader(entry) ? entry.data_offsets[0] : 0;
}

/** Views fresh bytes, which are aligned, as elements. */
function typedArray(dtype: DType, { buffer }: OwnUint8Array): OwnTypedArray {
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'uint8':
      return new Uint8Array(buffer);
  }
}
