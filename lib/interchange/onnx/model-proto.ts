// What ONNX files are made of: the messages of onnx.proto (ONNX 1.12 and later, IR version 8), as far as models of layers
// need them, under the names that they have there.
import type { DType } from '../../tensor.js';

/** Types of elements by their numbers (`TensorProto.DataType`). */
export const dataTypes = {
  FLOAT: 1,
  UINT8: 2,
  INT8: 3,
  UINT16: 4,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  STRING: 8,
  BOOL: 9,
  FLOAT16: 10,
  DOUBLE: 11,
  UINT32: 12,
  UINT64: 13,
  COMPLEX64: 14,
  COMPLEX128: 15,
  BFLOAT16: 16,
} as const;

export interface ModelProto {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly graph: GraphProto | undefined;
  /** Versions of sets of operators; the domain '' is that of ONNX itself. */
  readonly opsetImport: readonly OperatorSetId[];
  /** Texts by name. */
  readonly metadataProps: readonly MetadataEntry[];
}

export interface OperatorSetId {
  readonly domain: string;
  readonly version: number;
}

export interface MetadataEntry {
  readonly key: string;
  readonly value: string;
}

export interface GraphProto {
  readonly name: string;
  /** Each behind those whose outputs it takes. */
  readonly node: readonly NodeProto[];
  readonly initializer: readonly TensorProto[];
  /** In files of IR versions before 4 the initializers too. */
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
}

export interface NodeProto {
  readonly name: string;
  readonly opType: string;
  /** '' for an operator of ONNX itself. */
  readonly domain: string;
  /** Names of tensors; '' for an optional input that is not given. */
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly AttributeProto[];
}

/** Of the values, one is there: that of `type`, or none, where it is 0 or empty. */
export interface AttributeProto {
  readonly name: string;
  /** One of `attributeTypes`; 0 in files of IR version 1. */
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: string;
  readonly t?: TensorProto;
  readonly floats?: readonly number[];
  readonly ints?: readonly number[];
  readonly strings?: readonly string[];
}

/** Kinds of attributes by their numbers (`AttributeProto.AttributeType`). */
export const attributeTypes = { FLOAT: 1, INT: 2, STRING: 3, TENSOR: 4, FLOATS: 6, INTS: 7, STRINGS: 8 } as const;

/** Row-major elements, in one of several forms. */
export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  /** One of `dataTypes`. */
  readonly dataType: number;
  /** All elements, little-endian: `raw_data`, or the packed `float_data` and `double_data`, which are the same bytes. */
  readonly raw?: Uint8Array;
  /** The packed variable-length numbers of `int32_data` or `int64_data`. */
  readonly varints?: Uint8Array;
  /** Whether the elements are in another file. */
  readonly external?: boolean;
}

export interface ValueInfoProto {
  readonly name: string;
  /** One of `dataTypes`; 0 where the file says none, or what is no tensor. */
  readonly elemType: number;
  /** Undefined where the file does not say how many dimensions there are. */
  readonly shape: readonly Dimension[] | undefined;
}

/** A length, the name of one that is known when the model runs, or undefined where there is neither. */
export type Dimension = number | string | undefined;

/** The types that inputs, outputs and weights of models have. */
export const elemTypes: Readonly<Record<DType, number>> = {
  float32: dataTypes.FLOAT,
  int32: dataTypes.INT32,
  uint8: dataTypes.UINT8,
};
