// Writes the messages of an ONNX file. The elements of tensors are not copied: the file is a list of parts.
import type { GraphProto, TensorProto, ValueInfoProto } from './model-proto.js';
import { type AttributeProto, attributeTypes, type Dimension, type ModelProto, type NodeProto } from './model-proto.js';
import type { Wire, Writer } from './wire.cjs';

/**
 * The file in parts, which come one after the other. What a reader cannot do without, the versions of the operators, comes
 * last, so that a file that was cut off anywhere is found out. Elements of tensors begin at multiples of `alignment`, so that a reader
 * has them where they are.
 */
export function encodeModel(model: ModelProto, wire: Wire): Uint8Array[] {
  const encoder = new Encoder(wire);
  const { irVersion, producerName, producerVersion, metadataProps, graph, opsetImport } = model;
  const head = encoder.bytes((writer) => {
    encoder.int(writer, 1, irVersion);
    encoder.text(writer, 2, producerName);
    encoder.text(writer, 3, producerVersion);
    for (const { key, value } of metadataProps) {
      encoder.message(writer, 14, () => {
        encoder.text(writer, 1, key);
        encoder.text(writer, 2, value);
      });
    }
  });
  const [graphHead, ...graphParts] = graph === undefined ? [] : encoder.nested(7, encoder.graph(graph));
  return [
    head,
    ...(graphHead === undefined ? [] : [encoder.filler(6, head.length + graphHead.length), graphHead, ...graphParts]),
    encoder.bytes((writer) => {
      for (const { domain, version } of opsetImport) {
        encoder.message(writer, 8, () => {
          if (domain !== '') encoder.text(writer, 1, domain);
          encoder.int(writer, 2, version);
        });
      }
    }),
  ];
}

/** Bytes of an element of float32. */
const alignment = 4;

const lengthOf = (parts: readonly Uint8Array[]) => parts.reduce((sum, { length }) => sum + length, 0);

class Encoder {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  bytes(write: (writer: Writer) => void): Uint8Array {
    const writer = new this.#wire.BinaryWriter();
    write(writer);
    return writer.finish();
  }

  int(writer: Writer, field: number, value: number): void {
    writer.tag(field, this.#wire.WireType.Varint).int64(value);
  }

  text(writer: Writer, field: number, value: string): void {
    writer.tag(field, this.#wire.WireType.LengthDelimited).string(value);
  }

  message(writer: Writer, field: number, write: () => void): void {
    writer.tag(field, this.#wire.WireType.LengthDelimited).fork();
    write();
    writer.join();
  }

  /** A message of parts that are written already. */
  nested(field: number, parts: readonly Uint8Array[]): Uint8Array[] {
    const head = this.bytes((writer) => {
      writer.tag(field, this.#wire.WireType.LengthDelimited).uint32(lengthOf(parts));
    });
    return [head, ...parts];
  }

  graph({ name, node, initializer, input, output }: GraphProto): Uint8Array[] {
    const parts = [
      this.bytes((writer) => {
        for (const item of node) this.message(writer, 1, () => this.#node(writer, item));
        this.text(writer, 2, name);
      }),
    ];
    let length = lengthOf(parts);
    for (const item of initializer) {
      const tensor = this.nested(5, this.#tensor(item));
      const filler = this.filler(10, length + lengthOf(tensor.slice(0, -1)));
      parts.push(filler, ...tensor);
      length += filler.length + lengthOf(tensor);
    }
    parts.push(
      this.bytes((writer) => {
        for (const item of input) this.message(writer, 11, () => this.#valueInfo(writer, item));
        for (const item of output) this.message(writer, 12, () => this.#valueInfo(writer, item));
      }),
    );
    return parts;
  }

  /** A documentation of blanks, in the field of that number, with which `length` bytes become a multiple of `alignment`. */
  filler(field: number, length: number): Uint8Array {
    if (length % alignment === 0) return new Uint8Array();
    const withoutBlanks = this.bytes((writer) => this.text(writer, field, '')).length + length;
    const blanks = (alignment - (withoutBlanks % alignment)) % alignment;
    return this.bytes((writer) => this.text(writer, field, ' '.repeat(blanks)));
  }

  #node(writer: Writer, { input, output, name, opType, domain, attribute }: NodeProto): void {
    for (const item of input) this.text(writer, 1, item);
    for (const item of output) this.text(writer, 2, item);
    this.text(writer, 3, name);
    this.text(writer, 4, opType);
    for (const item of attribute) this.message(writer, 5, () => this.#attribute(writer, item));
    if (domain !== '') this.text(writer, 7, domain);
  }

  #attribute(writer: Writer, { name, type, f, i, s, floats = [], ints = [] }: AttributeProto): void {
    const { WireType } = this.#wire;
    this.text(writer, 1, name);
    if (f !== undefined) writer.tag(2, WireType.Bit32).float(f);
    if (i !== undefined) this.int(writer, 3, i);
    if (s !== undefined) this.text(writer, 4, s);
    for (const item of floats) writer.tag(7, WireType.Bit32).float(item);
    for (const item of ints) this.int(writer, 8, item);
    this.int(writer, 20, type);
  }

  #tensor({ dims, dataType, name, raw = new Uint8Array(), external }: TensorProto): Uint8Array[] {
    const head = this.bytes((writer) => {
      for (const dimension of dims) this.int(writer, 1, dimension);
      this.int(writer, 2, dataType);
      this.text(writer, 8, name);
      if (external) this.int(writer, 14, 1);
    });
    return [head, ...this.nested(9, [raw])];
  }

  #valueInfo(writer: Writer, { name, elemType, shape }: ValueInfoProto): void {
    this.text(writer, 1, name);
    this.message(writer, 2, () =>
      this.message(writer, 1, () => {
        this.int(writer, 1, elemType);
        this.message(writer, 2, () => {
          for (const dimension of shape ?? []) this.message(writer, 1, () => this.#dimension(writer, dimension));
        });
      }),
    );
  }

  #dimension(writer: Writer, dimension: Dimension): void {
    if (typeof dimension === 'number') this.int(writer, 1, dimension);
    if (typeof dimension === 'string') this.text(writer, 2, dimension);
  }
}

/** Attributes of nodes, by the types of their values. */
export const attributeOf = {
  float: (name: string, f: number): AttributeProto => ({ name, type: attributeTypes.FLOAT, f }),
  floats: (name: string, floats: readonly number[]): AttributeProto => ({ name, type: attributeTypes.FLOATS, floats }),
  int: (name: string, i: number): AttributeProto => ({ name, type: attributeTypes.INT, i }),
  ints: (name: string, ints: readonly number[]): AttributeProto => ({ name, type: attributeTypes.INTS, ints }),
  text: (name: string, s: string): AttributeProto => ({ name, type: attributeTypes.STRING, s }),
};
