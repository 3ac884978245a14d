// The header of a safetensors file: eight bytes with its length, then JSON that says where each tensor's bytes are.
import { CudaGanError } from '../errors.js';
import { type DType, formatShape, type Shape, sizeOf } from '../tensor.js';
import { bfloat16, type ElementType, elementTypes } from './npy-elements.js';

export const formatNames = { float32: 'F32', int32: 'I32', uint8: 'U8' } as const satisfies Record<DType, string>;

/** Types of elements by the format's names; their codes in NumPy's files. */
const codes = {
  F32: 'f4',
  I32: 'i4',
  U8: 'u1',
  F64: 'f8',
  F16: 'f2',
  I64: 'i8',
  I16: 'i2',
  I8: 'i1',
  U64: 'u8',
  U32: 'u4',
  U16: 'u2',
  BOOL: 'b1',
} as const;
const types = new Map<string, ElementType>([
  ...Object.entries(codes).map(([name, code]) => [name, elementTypes.get(code)!] as const),
  ['BF16', bfloat16],
]);

/** The header's entry that is no tensor. */
export const metadataName = '__metadata__';
export const lengthBytes = 8;
/** The format's own limit for the header. */
const maxHeaderBytes = 100_000_000;

export interface TensorHeader {
  readonly dtype: string;
  readonly shape: Shape;
  readonly data_offsets: readonly [begin: number, end: number];
}

/** What a header says, checked: where the tensors' bytes are, in the order of the header. */
export interface Layout {
  readonly metadata: Readonly<Record<string, string>>;
  readonly places: readonly Place[];
}

export interface Place {
  readonly name: string;
  readonly elements: ElementType;
  readonly shape: Shape;
  /** Its bytes, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/** The header's length, the header, and spaces up to a multiple of eight bytes, of `leastBytes` or more. */
export function encodeHeader(header: Readonly<Record<string, unknown>>, leastBytes = 0): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(Math.max(json.length, leastBytes - lengthBytes) / 8) * 8;
  const bytes = new Uint8Array(lengthBytes + headerBytes).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(json, lengthBytes);
  return bytes;
}

/** Length of the header of a file of `fileBytes`, from the file's first bytes. */
export function headerBytesOf(first: Uint8Array, fileBytes: number, source: string): number {
  if (first.length < lengthBytes) throw damaged(source, `it has only ${first.length} bytes`);
  const headerBytes = Number(new DataView(first.buffer, first.byteOffset).getBigUint64(0, true));
  if (headerBytes > maxHeaderBytes || lengthBytes + headerBytes > fileBytes) {
    throw damaged(source, `its header should have ${headerBytes} bytes, but the file has ${fileBytes}`);
  }
  return headerBytes;
}

/** Reads a header that is followed by `dataBytes` of data. */
export function layoutOf(header: Uint8Array, dataBytes: number, source: string): Layout {
  const { [metadataName]: metadata = {}, ...entries } = parseHeader(header, source);
  if (!isRecordOfTexts(metadata)) throw damaged(source, 'its __metadata__ is not a record of texts');
  const places = Object.entries(entries).map(([name, entry]) => placeOf(name, entry, source));
  requireFit(places, dataBytes, source);
  return { metadata, places };
}

function placeOf(name: string, entry: unknown, source: string): Place {
  if (!isTensorHeader(entry)) throw damaged(source, `the entry "${name}" is not a tensor's`);
  const elements = types.get(entry.dtype);
  if (elements === undefined) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `tensor "${name}" in ${source} has the type ${entry.dtype}; allowed are ${[...types.keys()].join(', ')}`,
    );
  }
  const [begin, end] = entry.data_offsets;
  return { name, elements, shape: entry.shape, begin, end };
}

/** Every byte belongs to one tensor, whose shape it fits. */
function requireFit(places: readonly Place[], dataBytes: number, source: string): void {
  let covered = 0;
  for (const place of [...places].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const { name, shape, begin, end, elements } = place;
    if (begin !== covered || end - begin !== sizeOf(shape) * elements.bytes) {
      throw damaged(
        source,
        `tensor "${name}" of shape ${formatShape(shape)} does not fit its bytes ${begin} to ${end}`,
      );
    }
    if (end > dataBytes) throw damaged(source, `it is truncated: ${dataBytes} of at least ${end} data bytes are there`);
    covered = end;
  }
  if (covered !== dataBytes) throw damaged(source, `${dataBytes - covered} bytes at its end belong to no tensor`);
}

function parseHeader(bytes: Uint8Array, source: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged(source, 'its header is not JSON');
  }
  if (!isRecord(header)) throw damaged(source, 'its header is not a JSON object');
  return header;
}

function damaged(source: string, what: string): CudaGanError {
  return new CudaGanError('CUDA_GAN_FILE', `${source} is not a safetensors file: ${what}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isRecordOfTexts(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
}

function isTensorHeader(value: unknown): value is TensorHeader {
  if (!isRecord(value)) return false;
  const { dtype, shape, data_offsets: offsets } = value;
  return typeof dtype === 'string' && areCounts(shape) && areCounts(offsets) && offsets.length === 2;
}

function areCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
