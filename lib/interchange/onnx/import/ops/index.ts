// What each operator of ONNX becomes: a layer or several, another order of axes, or a number that is known.
import type { Importer } from '../importer.js';
import type { ImportedNode } from '../node.js';
import type { Imported } from '../values.js';
import { constant, shape } from './constants.js';
import { conv, convTranspose } from './convolutions.js';
import { activations, arithmetic, cast, clip, prelu, softmax } from './elementwise.js';
import { batchNormalization, instanceNormalization, layerNormalization } from './normalization.js';
import { averagePool, globalAveragePool, globalMaxPool, maxPool, reduceMean, resize } from './pooling.js';
import { gemm } from './products.js';
import {
  concat,
  dropout,
  flatten,
  gather,
  identity,
  pad,
  reshape,
  slice,
  squeeze,
  transpose,
  unsqueeze,
} from './shapes.js';

/** What a node makes. */
type Import = (importer: Importer, node: ImportedNode) => Imported;

/** By the names of operators; `MatMul` is apart, as it may take the bias after it along. */
export const importers: Readonly<Record<string, Import>> = {
  ...activations,
  Add: arithmetic('add'),
  AveragePool: averagePool,
  BatchNormalization: batchNormalization,
  Cast: cast,
  Clip: clip,
  Concat: concat,
  Constant: constant,
  Conv: conv,
  ConvTranspose: convTranspose,
  Div: arithmetic('divide'),
  Dropout: dropout,
  Flatten: flatten,
  Gather: gather,
  Gemm: gemm,
  GlobalAveragePool: globalAveragePool,
  GlobalMaxPool: globalMaxPool,
  Identity: identity,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  Max: arithmetic('maximum'),
  MaxPool: maxPool,
  Min: arithmetic('minimum'),
  Mul: arithmetic('multiply'),
  Pad: pad,
  PRelu: prelu,
  ReduceMean: reduceMean,
  Reshape: reshape,
  Resize: resize,
  Shape: shape,
  Slice: slice,
  Softmax: softmax,
  Squeeze: squeeze,
  Sub: arithmetic('subtract'),
  Transpose: transpose,
  Unsqueeze: unsqueeze,
  Upsample: resize,
};
