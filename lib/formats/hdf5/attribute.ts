// Attributes (sections IV.A.2.m and VII): small values that groups and datasets have by name.
import { type Dataspace, elementCount, parseDataspace } from './dataspace.js';
import { type Datatype, type NumberType, parseDatatype, type TextType } from './datatype.js';
import { textOf, textUpToZero } from './fields.js';
import { variableText } from './global-heap.js';
import type { Metadata } from './metadata.js';
import { sharedDatatype } from './shared-datatype.js';
import type { Hdf5Attribute } from './types.js';

const sharedDatatypeFlag = 1;
const sharedDataspaceFlag = 2;

/** Name and value of an attribute message. */
export async function parseAttribute(file: Metadata, bytes: Uint8Array): Promise<readonly [string, Hdf5Attribute]> {
  const fields = file.parse(bytes, 'an attribute');
  const version = fields.version(1, 2, 3);
  const flags = fields.uint(1); // reserved in version 1
  const sizes = [fields.uint(2), fields.uint(2), fields.uint(2)] as const;
  if (version === 3) fields.skip(1); // ASCII or UTF-8
  const [name, datatypeBytes, dataspaceBytes] = sizes.map((size) => {
    const part = fields.bytes(size);
    if (version === 1) fields.skip((8 - (size % 8)) % 8);
    return part;
  });
  if (version > 1 && (flags & sharedDataspaceFlag) !== 0) throw fields.damaged('shares its dataspace');
  const isShared = version > 1 && (flags & sharedDatatypeFlag) !== 0;
  const datatype = parseDatatype(file, isShared ? await sharedDatatype(file, datatypeBytes!) : datatypeBytes!);
  const dataspace = parseDataspace(file, dataspaceBytes!);
  const count = elementCount(dataspace.shape);
  if (datatype.kind === 'other') return [textUpToZero(name!), { unsupported: datatype.name }];
  return [textUpToZero(name!), await decodeValue(file, datatype, dataspace, fields.bytes(count * datatype.bytes))];
}

async function decodeValue(
  file: Metadata,
  datatype: Exclude<Datatype, { kind: 'other' }>,
  { shape }: Dataspace,
  bytes: Uint8Array,
): Promise<Hdf5Attribute> {
  const values: (string | number | boolean)[] = [];
  for (let at = 0; at < bytes.length; at += datatype.bytes) {
    const element = bytes.subarray(at, at + datatype.bytes);
    if (datatype.kind === 'text') values.push(fixedText(element, datatype));
    else if (datatype.kind === 'variable text') values.push(await variableText(file, element));
    else values.push(numberOf(element, datatype));
  }
  const rounded = values.find((value) => Number.isInteger(value) && !Number.isSafeInteger(value));
  if (rounded !== undefined && datatype.kind === 'number' && !datatype.elements.name.startsWith('float')) {
    return { unsupported: `whole numbers as large as ${rounded}, which would be rounded` };
  }
  return shape.length === 0 ? values[0]! : (values as Hdf5Attribute);
}

function fixedText(bytes: Uint8Array, { padding }: TextType): string {
  if (padding === 'zero') return textUpToZero(bytes);
  const filler = padding === 'zeros' ? 0 : 0x20;
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === filler) end--;
  return textOf(bytes.subarray(0, end));
}

function numberOf(bytes: Uint8Array, { elements, bigEndian }: NumberType): number | boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const value = elements.read(view, 0, !bigEndian);
  return elements.name === 'bool' ? value !== 0 : value;
}
