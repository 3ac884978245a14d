// The header of a .npy file (NumPy enhancement proposal 1, and numpy.lib.format): a magic text, the version, the length of
// what follows, and a Python dictionary that says what the bytes behind it are.
import { maxRank } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { type DType, type Shape, sizeOf } from '../tensor.js';
import { type ByteSource, bytesAt } from './byte-source.js';
import { type ElementType, elementTypes } from './npy-elements.js';

const magic = [0x93, ...Buffer.from('NUMPY')];
const alignment = 64;

/** Enough for any array of numbers; NumPy itself stops at 10000. */
const maxHeaderBytes = 2 ** 16;

const descriptions = { float32: '<f4', int32: '<i4', uint8: '|u1' } as const satisfies Record<DType, string>;

export interface NpyHeader {
  readonly elements: ElementType;
  readonly bigEndian: boolean;
  /** Whether the first index varies fastest, in place of the last. */
  readonly fortranOrder: boolean;
  readonly shape: Shape;
  /** Where the header ends. */
  readonly dataBegin: number;
}

/** The header of an array, in version 1.0, filled up with spaces so that the data is aligned. */
export function encodeNpyHeader(dtype: DType, shape: Shape): Uint8Array {
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descriptions[dtype]}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const prefixBytes = magic.length + 4;
  const bytes = Math.ceil((prefixBytes + text.length + 1) / alignment) * alignment;
  const header = new Uint8Array(bytes).fill(0x20);
  header.set([...magic, 1, 0]);
  new DataView(header.buffer).setUint16(magic.length + 2, bytes - prefixBytes, true);
  header.set(Buffer.from(text), prefixBytes);
  header[bytes - 1] = 0x0a;
  return header;
}

/** Reads the header of a source that holds nothing but one array. @throws CudaGanError `CUDA_GAN_FILE` */
export async function readNpyHeader(source: ByteSource): Promise<NpyHeader> {
  const { size, path } = source;
  const first = await bytesAt(source, 0, Math.min(size, magic.length + 6));
  if (!magic.every((byte, i) => first[i] === byte)) throw damaged(path, 'it does not begin with \\x93NUMPY');
  const version = first[magic.length]!;
  if (first.length < magic.length + 6) throw damaged(path, `it has only ${size} bytes`);
  if (!(version >= 1 && version <= 3)) throw damaged(path, `its version is ${version}; allowed are 1, 2 and 3`);
  const view = new DataView(first.buffer);
  const begin = magic.length + (version === 1 ? 4 : 6);
  const length = version === 1 ? view.getUint16(magic.length + 2, true) : view.getUint32(magic.length + 2, true);
  if (length > Math.min(maxHeaderBytes, size - begin)) {
    throw damaged(path, `its header should have ${length} bytes, but the file has ${size}`);
  }
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(await bytesAt(source, begin, length));
  const header = { ...headerOf(entriesOf(text, path), path), dataBegin: begin + length };
  requireFit(header, size - header.dataBegin, path);
  return header;
}

const entryPattern =
  /\s*(?:'(\w+)'|"(\w+)")\s*:\s*(True|False|'[^'\n]*'|"[^"\n]*"|\([\dL,\s]*\)|\[[^{}]*\])\s*(?:,|(?=\}))\s*/y;

/** The entries of a dictionary `{'descr': …, 'fortran_order': …, 'shape': …, }`, as they are written. */
function entriesOf(header: string, path: string): ReadonlyMap<string, string> {
  const text = header.trim();
  const entries = new Map<string, string>();
  entryPattern.lastIndex = 1;
  while (text.startsWith('{') && entryPattern.lastIndex < text.length - 1) {
    const [all, single, double, value] = entryPattern.exec(text) ?? [];
    if (all === undefined) break;
    entries.set(single ?? double!, value!);
    if (entryPattern.lastIndex === text.length - 1 && text.endsWith('}')) return entries;
  }
  throw damaged(path, 'its header is no dictionary of descr, fortran_order and shape');
}

function headerOf(entries: ReadonlyMap<string, string>, path: string): Omit<NpyHeader, 'dataBegin'> {
  const [description, order, shape] = ['descr', 'fortran_order', 'shape'].map((name) => entries.get(name));
  if (entries.size !== 3 || description === undefined || shape === undefined || !/^(True|False)$/.test(order ?? '')) {
    throw damaged(path, `its header has ${[...entries.keys()].join(', ')}; wanted are descr, fortran_order and shape`);
  }
  return {
    ...typeOf(description, path),
    fortranOrder: order === 'True',
    shape: shapeOf(shape, path),
  };
}

function typeOf(description: string, path: string): Pick<NpyHeader, 'elements' | 'bigEndian'> {
  const [, order, name] = /^['"]([<>|=])(\w+)['"]$/.exec(description) ?? [];
  const elements = name === undefined ? undefined : elementTypes.get(name);
  if (elements !== undefined) return { elements, bigEndian: order === '>' };
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} has the type ${description.slice(0, 60)}; allowed are ${[...elementTypes.keys()].join(', ')}`,
  );
}

function shapeOf(text: string, path: string): Shape {
  const dimensions = text
    .slice(1, -1)
    .split(',')
    .map((dimension) => dimension.trim());
  // A comma follows the only dimension, and may follow the last.
  if (dimensions.at(-1) === '') dimensions.pop();
  const shape = dimensions.map((dimension) => (/^\d{1,16}L?$/.test(dimension) ? Number.parseInt(dimension, 10) : -1));
  if (shape.length <= maxRank && shape.every((dimension) => Number.isSafeInteger(dimension) && dimension >= 0))
    return shape;
  throw damaged(path, `its shape is ${text.slice(0, 60)}; wanted are at most ${maxRank} whole numbers`);
}

function requireFit({ shape, elements }: NpyHeader, dataBytes: number, path: string): void {
  const wanted = sizeOf(shape) * elements.bytes;
  if (wanted === dataBytes) return;
  throw damaged(path, `an array of shape (${shape.join(', ')}) has ${wanted} bytes; ${dataBytes} are there`);
}

function damaged(path: string, what: string): CudaGanError {
  return new CudaGanError('CUDA_GAN_FILE', `${path} is not a .npy file: ${what}`);
}
