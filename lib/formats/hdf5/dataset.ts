// Datasets: what their headers say of them, and their elements when these are wanted.
import { createTypedArray, type OwnTypedArray, type OwnUint8Array } from '../../tensor.js';
import { type ByteSource, bytesSource, windowSource } from '../byte-source.js';
import { readElements } from '../element-reader.js';
import { bfloat16 } from '../npy-elements.js';
import { readChunks } from './chunks/assemble.js';
import { unreadable } from './damage.js';
import { type Dataspace, elementCount, parseDataspace } from './dataspace.js';
import { type Datatype, type NumberType, parseDatatype } from './datatype.js';
import { type Filter, parseFilters, requireSupported } from './filters.js';
import { type Layout, parseLayout } from './layout.js';
import { Metadata } from './metadata.js';
import { type Message, messageOf } from './object-header.js';
import { sharedDatatype } from './shared-datatype.js';
import type { Hdf5Attribute, Hdf5Dataset } from './types.js';

/** What the header of a dataset says. */
export interface DatasetHeader {
  /** For errors: its path in the file, in quotes. */
  readonly name: string;
  readonly dataspace: Dataspace;
  readonly datatype: Datatype;
  readonly layout: Layout;
  readonly filters: readonly Filter[];
  /** The element that stands where nothing was written; zeros without it. */
  readonly fill: Uint8Array | undefined;
}

/** Undefined for what is no dataset. */
export async function readDatasetHeader(
  file: Metadata,
  messages: readonly Message[],
  name: string,
): Promise<DatasetHeader | undefined> {
  const [layout, datatype, dataspace, filters] = (['layout', 'datatype', 'dataspace', 'filters'] as const).map((type) =>
    messageOf(messages, type),
  );
  if (layout === undefined || datatype === undefined || dataspace === undefined) return undefined;
  if ([layout, dataspace, filters].some((message) => message?.shared)) {
    throw unreadable(file.path, `${name} has messages in a heap of shared ones, which is not read`);
  }
  const isExternal = messageOf(messages, 'externalFiles') !== undefined;
  return {
    name,
    dataspace: parseDataspace(file, dataspace.bytes),
    datatype: parseDatatype(file, datatype.shared ? await sharedDatatype(file, datatype.bytes) : datatype.bytes),
    layout: isExternal ? { kind: 'other', name: 'are in other files' } : parseLayout(file, layout.bytes),
    filters: filters === undefined ? [] : parseFilters(file, filters.bytes),
    fill: fillValueOf(file, messages),
  };
}

/** Sections IV.A.2.e and f. */
function fillValueOf(file: Metadata, messages: readonly Message[]): Uint8Array | undefined {
  const message = messageOf(messages, 'fillValue');
  const bytes = (message ?? messageOf(messages, 'oldFillValue'))?.bytes;
  if (bytes === undefined) return undefined;
  const fields = file.parse(bytes, 'a fill value');
  if (message !== undefined) {
    const version = fields.version(1, 2, 3);
    if (version < 3) fields.skip(2); // when it is written
    const flags = fields.uint(1);
    const isThere = version === 3 ? (flags & 0x20) !== 0 : flags !== 0;
    if (!isThere) return undefined;
  }
  return fields.bytes(fields.uint(4)).slice();
}

/** Bytes of all elements, before filters. */
export function bytesOfElements({ dataspace, datatype }: Pick<DatasetHeader, 'dataspace' | 'datatype'>): number {
  return elementCount(dataspace.shape) * datatype.bytes;
}

/** `wrong` says why the elements cannot be read, where that is known before. */
export function openDataset(
  { source, superblock }: Metadata,
  header: DatasetHeader,
  attributes: ReadonlyMap<string, Hdf5Attribute>,
  wrong: string | undefined,
): Hdf5Dataset {
  const { shape } = header.dataspace;
  const datatype = asBfloat16(header.datatype, attributes);
  return {
    kind: 'dataset',
    attributes,
    shape,
    dtype: nameOf(datatype),
    read: async () => {
      if (wrong !== undefined) throw unreadable(source.path, wrong);
      return { shape, data: await readData(new Metadata(source, superblock), header, datatype) };
    },
  };
}

/** Keras writes bfloat16 as opaque bytes, since NumPy does not know it, and says so in an attribute. */
function asBfloat16(datatype: Datatype, attributes: ReadonlyMap<string, Hdf5Attribute>): Datatype {
  if (datatype.kind !== 'other' || datatype.bytes !== 2 || attributes.get('dtype') !== 'bfloat16') return datatype;
  return { kind: 'number', bytes: 2, elements: bfloat16, bigEndian: false };
}

function nameOf(datatype: Datatype): string {
  if (datatype.kind === 'number') return datatype.elements.name;
  return datatype.kind === 'other' ? datatype.name : 'texts';
}

async function readData(file: Metadata, header: DatasetHeader, datatype: Datatype): Promise<OwnTypedArray> {
  if (datatype.kind !== 'number') {
    throw unreadable(file.path, `${header.name} has ${nameOf(datatype)}; allowed are numbers`);
  }
  const { elements, bigEndian } = datatype;
  const count = elementCount(header.dataspace.shape);
  return readElements(await rawElements(file, header, datatype), { elements, bigEndian, begin: 0, count });
}

/** The elements as they are in the file, one behind the other. */
async function rawElements(file: Metadata, header: DatasetHeader, datatype: NumberType): Promise<ByteSource> {
  const { name, layout, dataspace, filters } = header;
  const path = `${name} of ${file.path}`;
  const bytes = bytesOfElements({ dataspace, datatype });
  switch (layout.kind) {
    case 'other':
      throw unreadable(file.path, `the elements of ${name} ${layout.name}, which are not read`);
    case 'compact':
      if (bytes <= layout.data.length) return bytesSource(layout.data, path);
      throw unreadable(file.path, `${name} has ${layout.data.length} of its ${bytes} bytes`);
    case 'contiguous': {
      if (layout.address === undefined) return bytesSource(filled(bytes, header.fill, datatype), path);
      if (layout.address + bytes <= file.size) {
        return windowSource(file.source, file.superblock.base + layout.address, bytes, path);
      }
      throw unreadable(file.path, `${name} should have ${bytes} bytes from byte ${layout.address} on, beyond the end`);
    }
    case 'chunked': {
      requireSupported(filters, name, file.path);
      if (layout.elementBytes !== datatype.bytes) {
        throw unreadable(file.path, `${name} has chunks of elements of ${layout.elementBytes} bytes`);
      }
      const elements = filled(bytes, header.fill, datatype);
      if (bytes > 0) await readChunks(file, layout, dataspace, filters, elements, name);
      return bytesSource(elements, path);
    }
  }
}

/** As many bytes of nothing but fill values. */
function filled(bytes: number, fill: Uint8Array | undefined, datatype: NumberType): OwnUint8Array {
  const elements = createTypedArray('uint8', bytes);
  if (fill?.length === datatype.bytes) Buffer.from(elements.buffer).fill(fill);
  return elements;
}
