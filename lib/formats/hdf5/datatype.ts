// Datatypes (section IV.A.2.d): what the bytes of an element mean.
import { bfloat16, type ElementType, elementTypes } from '../npy-elements.js';
import { type Fields, textOf } from './fields.js';
import type { Metadata } from './metadata.js';

export type Datatype = NumberType | TextType | VariableTextType | OtherType;

export interface NumberType {
  readonly kind: 'number';
  readonly bytes: number;
  readonly elements: ElementType;
  readonly bigEndian: boolean;
}

/** Texts that all have the same number of bytes. */
export interface TextType {
  readonly kind: 'text';
  readonly bytes: number;
  readonly padding: 'zero' | 'zeros' | 'spaces';
}

/** Places in a global heap, where the texts are. */
export interface VariableTextType {
  readonly kind: 'variable text';
  readonly bytes: number;
}

/** What is not read here. */
export interface OtherType {
  readonly kind: 'other';
  readonly bytes: number;
  /** What it is, in words. */
  readonly name: string;
}

const otherClasses = new Map([
  [2, 'times'],
  [4, 'bit fields'],
  [5, 'opaque bytes'],
  [6, 'records'],
  [7, 'references'],
  [9, 'sequences'],
  [10, 'arrays'],
]);

const integerClass = 0;
const floatClass = 1;
const textClass = 3;
const enumClass = 8;
const variableClass = 9;
const paddings = ['zero', 'zeros', 'spaces'] as const;

export function parseDatatype(file: Metadata, bytes: Uint8Array): Datatype {
  return readDatatype(file.parse(bytes, 'a datatype'));
}

function readDatatype(fields: Fields): Datatype {
  const classAndVersion = fields.uint(1);
  const [type, version] = [classAndVersion & 15, classAndVersion >> 4];
  const bits = fields.uint(3);
  const bytes = fields.uint(4);
  if (version < 1 || version > 5) throw fields.damaged(`has version ${version}; allowed are 1 to 5`);
  if (bytes === 0) throw fields.damaged('has elements of no bytes');
  if (type === integerClass) return integerType(fields, bits, bytes);
  if (type === floatClass) return floatType(fields, bits, bytes);
  if (type === textClass) return { kind: 'text', bytes, padding: paddings[bits & 15] ?? 'zero' };
  if (type === enumClass) return enumType(fields, version, bits & 0xffff, bytes);
  if (type === variableClass && (bits & 15) === 1) return { kind: 'variable text', bytes };
  return { kind: 'other', bytes, name: otherClasses.get(type) ?? `values of class ${type}` };
}

/** Whole numbers that fill their bytes. */
function integerType(fields: Fields, bits: number, bytes: number): Datatype {
  const [offset, precision] = [fields.uint(2), fields.uint(2)];
  const elements = elementTypes.get(`${(bits & 8) !== 0 ? 'i' : 'u'}${bytes}`);
  if (elements === undefined || offset !== 0 || precision !== 8 * bytes) {
    return { kind: 'other', bytes, name: `integers of ${precision} bits in ${bytes} bytes` };
  }
  return { kind: 'number', bytes, elements, bigEndian: (bits & 1) !== 0 };
}

/** Bits of exponent and fraction, and the exponent of 1, of what is read. */
const floats = [
  { exponent: 5, fraction: 10, bias: 15, elements: elementTypes.get('f2')! },
  { exponent: 8, fraction: 7, bias: 127, elements: bfloat16 },
  { exponent: 8, fraction: 23, bias: 127, elements: elementTypes.get('f4')! },
  { exponent: 11, fraction: 52, bias: 1023, elements: elementTypes.get('f8')! },
];

function floatType(fields: Fields, bits: number, bytes: number): Datatype {
  const [offset, precision] = [fields.uint(2), fields.uint(2)];
  const [exponentAt, exponent, fractionAt, fraction] = [fields.uint(1), fields.uint(1), fields.uint(1), fields.uint(1)];
  const bias = fields.uint(4);
  const isVax = (bits & 0x40) !== 0;
  const impliedOne = ((bits >> 4) & 3) === 2;
  const signAt = (bits >> 8) & 0xff;
  const found = floats.find(
    (float) =>
      float.elements.bytes === bytes &&
      float.exponent === exponent &&
      float.fraction === fraction &&
      float.bias === bias &&
      fractionAt === 0 &&
      exponentAt === fraction &&
      signAt === 8 * bytes - 1,
  );
  if (found === undefined || offset !== 0 || precision !== 8 * bytes || isVax || !impliedOne) {
    return { kind: 'other', bytes, name: `floating-point numbers of ${precision} bits, ${exponent} of the exponent` };
  }
  return { kind: 'number', bytes, elements: found.elements, bigEndian: (bits & 1) !== 0 };
}

/** Named integers: those integers, or what h5py writes for true and false. */
function enumType(fields: Fields, version: number, count: number, bytes: number): Datatype {
  const base = readDatatype(fields);
  if (base.kind !== 'number' || base.bytes !== bytes) return { kind: 'other', bytes, name: 'named values' };
  const names = Array.from({ length: Math.min(count, 2) }, () => {
    const begin = fields.position;
    const name = textOf(fields.untilZero());
    if (version < 3) fields.skip((8 - ((fields.position - begin) % 8)) % 8);
    return name;
  });
  const isBool = count === 2 && bytes === 1 && names[0] === 'FALSE' && names[1] === 'TRUE';
  if (!isBool || fields.uint(1) !== 0 || fields.uint(1) !== 1) return base;
  return { kind: 'number', bytes, elements: elementTypes.get('b1')!, bigEndian: false };
}
