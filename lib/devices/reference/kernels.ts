// The table by which the device finds the kernel of an instruction.
import { abs } from './abs.js';
import { activation } from './activation.js';
import { activationGradient } from './activation-gradient.js';
import { adam } from './adam.js';
import { add } from './add.js';
import { affine } from './affine.js';
import { argMax } from './arg-max.js';
import { assign } from './assign.js';
import { batchNorm } from './batch-norm.js';
import { batchNormGradient } from './batch-norm-gradient.js';
import { batchRow } from './batch-row.js';
import { binaryCrossentropy } from './binary-crossentropy.js';
import { binaryCrossentropyGradient } from './binary-crossentropy-gradient.js';
import { broadcastTo } from './broadcast-to.js';
import { categoricalCrossentropy } from './categorical-crossentropy.js';
import { concat } from './concat.js';
import { dense } from './dense.js';
import { denseBatchNorm } from './dense-batch-norm.js';
import { divide } from './divide.js';
import { dropout } from './dropout.js';
import { equal } from './equal.js';
import { exp } from './exp.js';
import { fill } from './fill.js';
import { gather } from './gather.js';
import { greater } from './greater.js';
import { increment } from './increment.js';
import type { Kernel } from './kernel.js';
import { log } from './log.js';
import { matmul } from './matmul.js';
import { matmulActivationGradient } from './matmul-activation-gradient.js';
import { matmulAdam } from './matmul-adam.js';
import { matmulBatchNormGradient } from './matmul-batch-norm-gradient.js';
import { maximum } from './maximum.js';
import { minimum } from './minimum.js';
import { movingAverage } from './moving-average.js';
import { multiply } from './multiply.js';
import { normalize } from './normalize.js';
import { oneHot } from './one-hot.js';
import { pad } from './pad.js';
import { randomIntegers } from './random-integers.js';
import { randomNormal } from './random-normal.js';
import { randomUniform } from './random-uniform.js';
import { rmsprop } from './rmsprop.js';
import { scatterAdd } from './scatter-add.js';
import { sgd } from './sgd.js';
import { sign } from './sign.js';
import { slice } from './slice.js';
import { softmax } from './softmax.js';
import { sqrt } from './sqrt.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';
import { transpose } from './transpose.js';

export const kernels: Readonly<Record<string, Kernel>> = {
  abs,
  activation,
  activationGradient,
  adam,
  add,
  affine,
  argMax,
  assign,
  batchNorm,
  batchNormGradient,
  batchRow,
  binaryCrossentropy,
  binaryCrossentropyGradient,
  broadcastTo,
  categoricalCrossentropy,
  concat,
  dense,
  denseBatchNorm,
  divide,
  dropout,
  equal,
  exp,
  fill,
  gather,
  greater,
  increment,
  log,
  matmul,
  matmulActivationGradient,
  matmulAdam,
  matmulBatchNormGradient,
  maximum,
  minimum,
  movingAverage,
  multiply,
  normalize,
  oneHot,
  pad,
  randomIntegers,
  randomNormal,
  randomUniform,
  rmsprop,
  scatterAdd,
  sgd,
  sign,
  slice,
  softmax,
  sqrt,
  subtract,
  sum,
  transpose,
};
