// Ops made of matrix products, for more rows than a batch has, on the cuda device and on the reference device: prints
// which differ, and how many products cuBLASLt computed.
import { createDevice } from '../../dist/esm/devices/select.js';
import { activationGradient } from '../../dist/esm/ops/activation-gradient.js';
import { batchNormGradient } from '../../dist/esm/ops/batch-norm-gradient.js';
import { add, batchNorm, leakyRelu, matmul } from '../../dist/esm/ops/index.js';
import { Graph } from '../../dist/esm/program/graph.js';
import { buildProgram } from '../../dist/esm/program/program.js';
import { Variable } from '../../dist/esm/program/variable.js';
import { RandomStream } from '../../dist/esm/random/random-stream.js';
import { compiled, warnings } from './compiled.mjs';

const [rows, inputs, units] = [150, 136, 40];
const alpha = 0.2;

function record(device) {
  const graph = new Graph();
  const random = new RandomStream(1, 0);
  const read = (name, shape) => {
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
    return graph.read(new Variable({ name, shape, initial: () => values }));
  };
  const x = read('x', [rows, inputs]);
  const kernel = read('kernel', [inputs, units]);
  const [bias, gamma, beta] = ['bias', 'gamma', 'beta'].map((name) => read(name, [units]));
  const slope = read('slope', [rows, inputs]);
  const [wide, deep] = [read('wide', [rows, 144]), read('deep', [inputs, 144])];

  graph.output('matmul', matmul(x, kernel));
  graph.output('transposed', matmul(wide, deep, { transposeB: true }));
  graph.output('dense', leakyRelu(add(matmul(x, kernel), bias), alpha));
  const { y } = batchNorm(leakyRelu(add(matmul(x, kernel), beta), alpha), gamma, beta, 1e-3);
  graph.output('denseBatchNorm', y);
  const dy = matmul(wide, deep, { transposeB: true });
  graph.output('matmulActivationGradient', activationGradient(dy, slope, { kind: 'leakyRelu', alpha }));
  const scale = read('scale', [inputs]);
  const norm = batchNorm(slope, scale, scale, 1e-3);
  const product = matmul(wide, deep, { transposeB: true });
  const [dx] = batchNormGradient(slope, scale, norm.mean, norm.variance, product, { epsilon: 1e-3 });
  graph.output('matmulBatchNormGradient', dx);
  return buildProgram(graph, device);
}

async function outputsOn(device) {
  const { outputs } = await compiled(device, record(device)).run(2);
  return outputs;
}

const [cuda, reference] = [await outputsOn(createDevice('cuda')), await outputsOn(createDevice('reference'))];
// Sums of 144 products of about 1 err by about 144 roundings of 2⁻²⁴ of 12; normalising multiplies by no more than 10.
const wrong = [...cuda].filter(([name, values]) => {
  const exact = reference.get(name);
  return values.some((value, i) => !(Math.abs(value - exact[i]) <= 144 * 2 ** -24 * 12 * 10));
});
const productsByLibrary = Number(process.env.FAKE_CUBLAS_LT_PRODUCTS ?? 0);
console.log(JSON.stringify({ productsByLibrary, wrong: wrong.map(([name]) => name), warnings }));
