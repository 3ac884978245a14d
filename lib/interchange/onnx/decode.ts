// Reads the messages of an ONNX file. The elements of tensors stay where they are in the file's bytes. Messages that models
// of layers have no use for are skipped, those within them unread: graphs within attributes among them, so that nothing here
// nests deeper than a tensor in an attribute of a node.
import { CudaGanError } from '../../errors.js';
import type {
  AttributeProto,
  Dimension,
  GraphProto,
  MetadataEntry,
  ModelProto,
  NodeProto,
  OperatorSetId,
  TensorProto,
  ValueInfoProto,
} from './model-proto.js';
import type { Reader, Wire } from './wire.cjs';

/** Messages, texts and numbers outside of tensors: more than any model has, and an end for a file made of nothing else. */
const maxParts = 2 ** 18;

/** `source` names the file in errors. @throws CudaGanError `CUDA_GAN_FILE` when these are not the bytes of a whole ONNX file. */
export function decodeModel(bytes: Uint8Array, source: string, wire: Wire): ModelProto {
  try {
    return new Decoder(wire).model(bytes);
  } catch (cause) {
    throw new CudaGanError('CUDA_GAN_FILE', `${source} is no whole ONNX file: ${(cause as Error).message}`, { cause });
  }
}

/** How a field is read: what it adds to the message so far. By the field's number. */
type Fields<Message> = Readonly<Record<number, (message: Draft<Message>, field: Field) => void>>;

/** A message under construction. */
type Draft<Message> = {
  -readonly [Key in keyof Message]: Message[Key] extends readonly (infer Item)[] | undefined ? Item[] : Message[Key];
};

/** The content of a field. Each of its methods reads it in one way, and refuses the file where it is of another kind. */
interface Field {
  int(): number;
  text(): string;
  float(): number;
  bytes(): Uint8Array;
  message<Message>(fields: Fields<Message>, start: Message): Message;
  /** Adds one number, or all that are packed into the field. */
  addInts(list: number[]): void;
  addFloats(list: number[]): void;
}

class Decoder {
  readonly #wire: Wire;
  #parts = 0;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  model(bytes: Uint8Array): ModelProto {
    return this.#message(bytes, modelFields, emptyModel());
  }

  #message<Message>(bytes: Uint8Array, fields: Fields<Message>, start: Message): Message {
    const { BinaryReader } = this.#wire;
    const reader = new BinaryReader(bytes);
    const message = start as Draft<Message>;
    while (reader.pos < reader.len) {
      this.#countPart();
      const [number, wireType] = reader.tag();
      const read = fields[number];
      if (read === undefined) reader.skip(wireType, number);
      else read(message, this.#field(reader, number, wireType));
    }
    return message as Message;
  }

  #field(reader: Reader, number: number, found: number): Field {
    const { WireType } = this.#wire;
    const require = (wanted: number) => {
      if (found !== wanted) throw new Error(`field ${number} has wire type ${found}, not ${wanted}`);
    };
    const bytes = () => {
      require(WireType.LengthDelimited);
      return reader.bytes();
    };
    const addAll = (list: number[], wanted: number, read: (from: Reader) => number) => {
      if (found === wanted) {
        list.push(read(reader));
        return;
      }
      const packed = new this.#wire.BinaryReader(bytes());
      while (packed.pos < packed.len) {
        this.#countPart();
        list.push(read(packed));
      }
    };
    const readInt = (from: Reader) => {
      const value = Number(from.int64());
      if (from.pos > from.len) throw new Error('a number goes beyond the end');
      return value;
    };
    return {
      int: () => {
        require(WireType.Varint);
        return readInt(reader);
      },
      text: () => {
        require(WireType.LengthDelimited);
        return reader.string();
      },
      float: () => {
        require(WireType.Bit32);
        return reader.float();
      },
      bytes,
      message: (fields, start) => this.#message(bytes(), fields, start),
      addInts: (list) => addAll(list, WireType.Varint, readInt),
      addFloats: (list) => addAll(list, WireType.Bit32, (from) => from.float()),
    };
  }

  #countPart(): void {
    if (++this.#parts > maxParts) throw new Error(`it has more than ${maxParts} parts outside of its tensors`);
  }
}

const emptyModel = (): ModelProto => ({
  irVersion: 0,
  producerName: '',
  producerVersion: '',
  graph: undefined,
  opsetImport: [],
  metadataProps: [],
});
const emptyGraph = (): GraphProto => ({ name: '', node: [], initializer: [], input: [], output: [] });
const emptyNode = (): NodeProto => ({ name: '', opType: '', domain: '', input: [], output: [], attribute: [] });
const emptyAttribute = (): AttributeProto => ({ name: '', type: 0 });
const emptyTensor = (): TensorProto => ({ name: '', dims: [], dataType: 0 });
const emptyValueInfo = (): ValueInfoProto => ({ name: '', elemType: 0, shape: undefined });

const tensorFields: Fields<TensorProto> = {
  1: (tensor, field) => field.addInts(tensor.dims),
  2: (tensor, field) => {
    tensor.dataType = field.int();
  },
  4: setElements('raw'),
  5: setElements('varints'),
  7: setElements('varints'),
  8: (tensor, field) => {
    tensor.name = field.text();
  },
  9: setElements('raw'),
  10: setElements('raw'),
  13: (tensor, field) => {
    field.bytes();
    tensor.external = true;
  },
  14: (tensor, field) => {
    tensor.external = field.int() === 1;
  },
};

/** Elements come in one piece: a second one would take its place. */
function setElements(form: 'raw' | 'varints') {
  return (tensor: Draft<TensorProto>, field: Field): void => {
    if (tensor.raw !== undefined || tensor.varints !== undefined) throw new Error('a tensor has its elements twice');
    tensor[form] = field.bytes();
  };
}

const attributeFields: Fields<AttributeProto> = {
  1: (attribute, field) => {
    attribute.name = field.text();
  },
  2: (attribute, field) => {
    attribute.f = field.float();
  },
  3: (attribute, field) => {
    attribute.i = field.int();
  },
  4: (attribute, field) => {
    attribute.s = field.text();
  },
  5: (attribute, field) => {
    attribute.t = field.message(tensorFields, emptyTensor());
  },
  7: (attribute, field) => {
    attribute.floats ??= [];
    field.addFloats(attribute.floats);
  },
  8: (attribute, field) => {
    attribute.ints ??= [];
    field.addInts(attribute.ints);
  },
  9: (attribute, field) => {
    attribute.strings ??= [];
    attribute.strings.push(field.text());
  },
  20: (attribute, field) => {
    attribute.type = field.int();
  },
};

const nodeFields: Fields<NodeProto> = {
  1: (node, field) => {
    node.input.push(field.text());
  },
  2: (node, field) => {
    node.output.push(field.text());
  },
  3: (node, field) => {
    node.name = field.text();
  },
  4: (node, field) => {
    node.opType = field.text();
  },
  5: (node, field) => {
    node.attribute.push(field.message(attributeFields, emptyAttribute()));
  },
  7: (node, field) => {
    node.domain = field.text();
  },
};

const dimensionFields: Fields<{ length: Dimension }> = {
  1: (dimension, field) => {
    dimension.length = field.int();
  },
  2: (dimension, field) => {
    dimension.length = field.text();
  },
};

const shapeFields: Fields<{ dims: readonly Dimension[] }> = {
  1: (shape, field) => {
    shape.dims.push(field.message<{ length: Dimension }>(dimensionFields, { length: undefined }).length);
  },
};

const tensorTypeFields: Fields<Pick<ValueInfoProto, 'elemType' | 'shape'>> = {
  1: (type, field) => {
    type.elemType = field.int();
  },
  2: (type, field) => {
    type.shape = [...field.message<{ dims: readonly Dimension[] }>(shapeFields, { dims: [] }).dims];
  },
};

const typeFields: Fields<Pick<ValueInfoProto, 'elemType' | 'shape'>> = {
  1: (type, field) => {
    Object.assign(type, field.message(tensorTypeFields, { elemType: 0, shape: undefined }));
  },
};

const valueInfoFields: Fields<ValueInfoProto> = {
  1: (info, field) => {
    info.name = field.text();
  },
  2: (info, field) => {
    Object.assign(info, field.message(typeFields, { elemType: 0, shape: undefined }));
  },
};

const graphFields: Fields<GraphProto> = {
  1: (graph, field) => {
    graph.node.push(field.message(nodeFields, emptyNode()));
  },
  2: (graph, field) => {
    graph.name = field.text();
  },
  5: (graph, field) => {
    graph.initializer.push(field.message(tensorFields, emptyTensor()));
  },
  11: (graph, field) => {
    graph.input.push(field.message(valueInfoFields, emptyValueInfo()));
  },
  12: (graph, field) => {
    graph.output.push(field.message(valueInfoFields, emptyValueInfo()));
  },
  15: () => {
    throw new Error('it has sparse tensors, which are not read');
  },
};

const opsetFields: Fields<OperatorSetId> = {
  1: (opset, field) => {
    opset.domain = field.text();
  },
  2: (opset, field) => {
    opset.version = field.int();
  },
};

const metadataFields: Fields<MetadataEntry> = {
  1: (entry, field) => {
    entry.key = field.text();
  },
  2: (entry, field) => {
    entry.value = field.text();
  },
};

const modelFields: Fields<ModelProto> = {
  1: (model, field) => {
    model.irVersion = field.int();
  },
  2: (model, field) => {
    model.producerName = field.text();
  },
  3: (model, field) => {
    model.producerVersion = field.text();
  },
  7: (model, field) => {
    if (model.graph !== undefined) throw new Error('it has two graphs');
    model.graph = field.message(graphFields, emptyGraph());
  },
  8: (model, field) => {
    model.opsetImport.push(field.message(opsetFields, { domain: '', version: 0 }));
  },
  14: (model, field) => {
    model.metadataProps.push(field.message(metadataFields, { key: '', value: '' }));
  },
};
