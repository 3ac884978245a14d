// How each op becomes nodes of ONNX. What an op is not in is said why.
import type { KernelNode } from '../../../../program/value.js';
import type { Emitter, Placed } from '../emitter.js';
import { minibatchStdDev } from './batches.js';
import { activation, affine, binary, binaryCrossentropy, cast, unary } from './elementwise.js';
import { averagePool2d, maxPool2d, resize2d } from './images.js';
import { gather, oneHot } from './lookups.js';
import { groupNormalize, layerNormalize, normalize } from './normalization.js';
import { conv1d, conv2d, conv2dInputGradient, matmul } from './products.js';
import { argMax, categoricalCrossentropy, mean, softmax, sum } from './reductions.js';
import { broadcastTo, concat, fill, pad, reshape, reverse, slice, transpose } from './shapes.js';

/** Adds the nodes for one application of an op, and says where its output is. */
type Emit = (emitter: Emitter, node: KernelNode) => Placed;

/** By the names of ops, and of the fusions of the export. */
export const emitters = {
  activation,
  affine,
  argMax,
  averagePool2d,
  binary,
  binaryCrossentropy,
  broadcastTo,
  cast,
  categoricalCrossentropy,
  concat,
  conv1d,
  conv2d,
  conv2dBias: conv2d,
  conv2dInputGradient,
  conv2dInputGradientBias: conv2dInputGradient,
  fill,
  gather,
  groupNormalize,
  layerNormalize,
  matmul,
  matmulBias: matmul,
  maxPool2d,
  mean,
  minibatchStdDev,
  normalize,
  oneHot,
  pad,
  reshape,
  resize2d,
  reverse,
  slice,
  softmax,
  sum,
  transpose,
  unary,
} as unknown as Readonly<Record<string, Emit>>;

const random = 'draws random numbers';
const update = 'changes a weight';
const gradient = 'computes a gradient';

/** Ops that are not exported, and why: what they do. */
export const notExported: Readonly<Record<string, string>> = {
  activationGradient: gradient,
  adam: update,
  assign: update,
  averagePool2dGradient: gradient,
  batchNorm: 'normalises by the batch',
  batchNormGradient: gradient,
  batchRow: 'reads a row of an order of training',
  binaryCrossentropyGradient: gradient,
  conv2dKernelGradient: gradient,
  dropout: random,
  increment: update,
  lerp: update,
  maxPool2dGradient: gradient,
  movingAverage: update,
  randomIntegers: random,
  randomNormal: random,
  randomUniform: random,
  resize2dGradient: gradient,
  rmsprop: update,
  scatterAdd: 'adds rows by their numbers',
  sgd: update,
  translate2d: 'moves images by offsets of their own',
};
