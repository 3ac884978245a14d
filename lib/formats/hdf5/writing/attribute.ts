// Attribute messages of version 3 (section IV.A.2.m).
import { CudaGanError } from '../../../errors.js';
import { dtypeOf, requireTensor, type Shape, type Tensor } from '../../../tensor.js';
import { bytesIn } from '../../element-reader.js';
import { type Field, fields } from '../../little-endian.js';
import type { TextHeaps } from './global-heap.js';
import { encodeDataspace, maxMessageBytes, type NewMessage } from './object-header.js';
import { storedTypes, textType, variableTextType } from './stored-types.js';

/**
 * A text, or a list of texts, with the same number of bytes each; variable ones are elsewhere and have a length each, as a
 * single text does that is too long for an attribute. A whole number becomes int64, another one float64.
 */
export type NewAttribute = string | readonly string[] | number | Tensor | VariableText;

export interface VariableText {
  readonly variableText: string | readonly string[];
}

interface Value {
  readonly type: Uint8Array;
  readonly shape: Shape;
  readonly data: Uint8Array;
}

/** `owner` is the name of the object, for errors. */
export function encodeAttribute(name: string, attribute: NewAttribute, heaps: TextHeaps, owner: string): NewMessage {
  const label = `attribute ${JSON.stringify(name)} of ${owner}`;
  const nameBytes = encodeText(name, label);
  const { type, shape, data } = encodeValue(attribute, heaps, label);
  const dataspace = encodeDataspace(shape);
  const head = fields([
    [1, 3],
    [1, 0],
    [2, nameBytes.length + 1],
    [2, type.length],
    [2, dataspace.length],
    [1, 1], // UTF-8
  ]);
  const bytes = Buffer.concat([head, nameBytes, new Uint8Array(1), type, dataspace, data]);
  if (bytes.length <= maxMessageBytes) return { type: 'attribute', bytes };
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `${label} takes ${bytes.length} bytes; allowed are ${maxMessageBytes}: cut it into several`,
  );
}

/** Enough for the name of an attribute, its type and its shape. */
const reservedBytes = 1024;

function encodeValue(attribute: NewAttribute, heaps: TextHeaps, label: string): Value {
  if (typeof attribute === 'number') return numberValue(attribute);
  if (typeof attribute === 'string') {
    const text = encodeText(attribute, label);
    if (text.length > maxMessageBytes - reservedBytes) return variableTexts([text], [], heaps);
    return fixedTexts([text], []);
  }
  if (Array.isArray(attribute)) {
    return fixedTexts(
      attribute.map((text) => encodeText(text, label)),
      [attribute.length],
    );
  }
  if ('variableText' in attribute) {
    const { variableText } = attribute;
    const [texts, shape] =
      typeof variableText === 'string' ? [[variableText], []] : [variableText, [variableText.length]];
    return variableTexts(
      texts.map((text) => encodeText(text, label)),
      shape,
      heaps,
    );
  }
  const { shape, data } = requireTensor(label, attribute as Tensor);
  return { type: storedTypes[dtypeOf(data)].message, shape, data: bytesIn(data) };
}

function numberValue(value: number): Value {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    return { type: storedTypes.int64.message, shape: [], data: fields([[8, value]]) };
  }
  return { type: storedTypes.float64.message, shape: [], data: new Uint8Array(Float64Array.of(value).buffer) };
}

function fixedTexts(texts: readonly Uint8Array[], shape: Shape): Value {
  const width = texts.reduce((most, { length }) => Math.max(most, length), 1);
  const data = new Uint8Array(width * texts.length);
  for (const [i, text] of texts.entries()) data.set(text, i * width);
  const isAscii = data.every((byte) => byte < 0x80);
  return { type: textType(width, isAscii), shape, data };
}

function variableTexts(texts: readonly Uint8Array[], shape: Shape, heaps: TextHeaps): Value {
  const places = texts.flatMap((text): Field[] => {
    const [length, address, number] = heaps.add(text);
    return [
      [4, length],
      [8, address],
      [4, number],
    ];
  });
  return { type: variableTextType(), shape, data: fields(places) };
}

/** Readers take a zero for the end of a text. */
function encodeText(text: string, label: string): Uint8Array {
  if (!text.includes('\0')) return Buffer.from(text);
  throw new CudaGanError('CUDA_GAN_VALUE', `${label} has a text with a zero in it, which such files cannot hold`);
}
