// ONNX files that are written down as they are, to be read.
import { attributeOf, encodeModel } from '../../../lib/interchange/onnx/encode';
import type { TensorProto } from '../../../lib/interchange/onnx/model-proto';
import {
  type AttributeProto,
  type Dimension,
  dataTypes,
  type NodeProto,
} from '../../../lib/interchange/onnx/model-proto';
import { loadWire } from '../../../lib/interchange/onnx/wire.cjs';

export interface FileParts {
  readonly nodes: readonly NodeProto[];
  readonly initializers?: readonly TensorProto[];
  /** Default: `x`, [batch, 4]. */
  readonly inputs?: Readonly<Record<string, readonly Dimension[]>>;
  /** Default: `y`. */
  readonly outputs?: readonly string[];
  readonly opset?: number;
  readonly producer?: string;
}

export function onnxFile({
  nodes,
  initializers = [],
  inputs,
  outputs = ['y'],
  opset = 17,
  producer = '',
}: FileParts): Buffer {
  const given = inputs ?? { x: ['batch', 4] };
  const parts = encodeModel(
    {
      irVersion: 8,
      producerName: producer,
      producerVersion: '',
      metadataProps: [],
      graph: {
        name: 'graph',
        node: nodes,
        initializer: initializers,
        input: Object.entries(given).map(([name, shape]) => ({ name, elemType: dataTypes.FLOAT, shape })),
        output: outputs.map((name) => ({ name, elemType: dataTypes.FLOAT, shape: ['batch'] })),
      },
      opsetImport: opset === 0 ? [] : [{ domain: '', version: opset }],
    },
    loadWire(),
  );
  return Buffer.concat(parts);
}

/** A node of that name as its operator. */
export function node(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attribute: readonly AttributeProto[] = [],
): NodeProto {
  return { name: opType.toLowerCase(), opType, domain: '', input, output, attribute };
}

export function floats(
  name: string,
  values: readonly number[],
  dims: readonly number[] = [values.length],
): TensorProto {
  return { name, dims, dataType: dataTypes.FLOAT, raw: new Uint8Array(Float32Array.from(values).buffer) };
}

export function integers(name: string, values: readonly number[]): TensorProto {
  const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, dims: [values.length], dataType: dataTypes.INT64, raw };
}

export { attributeOf };
