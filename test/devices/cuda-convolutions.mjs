// The three convolutions, with as many products as are worth while for cuDNN, on the cuda device and on the reference
// device: prints which differ, and how many convolutions cuDNN computed. Usage: cuda-convolutions.mjs <precision> [compile],
// where the latter stops after the compilation.
import { createDevice } from '../../dist/esm/devices/select.js';
import { assign } from '../../dist/esm/ops/assign.js';
import { conv2dAt } from '../../dist/esm/ops/conv2d.js';
import { conv2dGeometry } from '../../dist/esm/ops/conv2d-geometry.js';
import { conv2dInputGradient } from '../../dist/esm/ops/conv2d-input-gradient.js';
import { conv2dKernelGradient } from '../../dist/esm/ops/conv2d-kernel-gradient.js';
import { add, affine, leakyRelu } from '../../dist/esm/ops/index.js';
import { Graph } from '../../dist/esm/program/graph.js';
import { buildProgram } from '../../dist/esm/program/program.js';
import { Variable } from '../../dist/esm/program/variable.js';
import { RandomStream } from '../../dist/esm/random/random-stream.js';
import { compiled, warnings } from './compiled.mjs';

/** As much padding on both sides, and less before than after. */
const convolutions = {
  even: [[4, 4], { strides: 2, padding: 'same' }],
  uneven: [[5, 6], { strides: 2, padding: 'same' }],
  grouped: [[4, 4], { padding: 'valid', groups: 2 }],
};
const [batch, size, inputs, outputs] = [2, 16, 32, 64];

function record(device) {
  const graph = new Graph();
  const random = new RandomStream(1, 0);
  // Whole numbers, whose sums are exact.
  const variable = (name, shape) => {
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.integer(7) - 3);
    return new Variable({ name, shape, initial: () => values });
  };
  const read = (name, shape) => graph.read(variable(name, shape));
  for (const [name, [kernelSize, options]] of Object.entries(convolutions)) {
    const geometry = conv2dGeometry([size, size], kernelSize, options);
    const x = read(`${name} x`, [batch, size, size, inputs]);
    const kernel = read(`${name} kernel`, [...kernelSize, inputs / geometry.groups, outputs]);
    const y = read(`${name} y`, [batch, ...geometry.outputSize, outputs]);
    graph.output(`${name}: forward`, conv2dAt(x, kernel, geometry));
    graph.output(`${name}: input gradient`, conv2dInputGradient(y, kernel, geometry));
    // Fused on the device, by sinks that take the library's result from memory.
    if (name === 'uneven') {
      const [forward, backward] = [read('bias', [outputs]), read('bias of the gradient', [inputs])];
      graph.output('activation', leakyRelu(add(conv2dAt(x, kernel, geometry), forward), 0.5));
      graph.output('transposed', leakyRelu(add(conv2dInputGradient(y, kernel, geometry), backward), 0.5));
    }
    graph.output(`${name}: kernel gradient`, conv2dKernelGradient(x, y, geometry));
    // A kernel that changes within the step, and so from step to step.
    if (name === 'even') {
      const changing = variable('changing kernel', [...kernelSize, inputs, outputs]);
      graph.output('before the change', conv2dAt(x, graph.read(changing), geometry));
      assign(graph.read(changing), affine(graph.read(changing), -1, 1));
      graph.output('after the change', conv2dAt(x, graph.read(changing), geometry));
      graph.output('its gradient', conv2dInputGradient(y, graph.read(changing), geometry));
    }
  }
  return buildProgram(graph, device);
}

async function outputsOn(device) {
  const { outputs } = await compiled(device, record(device)).run(2);
  return outputs;
}

const gpu = createDevice('cuda', { precision: process.argv[2] });
if (process.argv[3] === 'compile') {
  compiled(gpu, record(gpu));
  await new Promise(setImmediate);
  console.log(JSON.stringify({ warnings }));
  process.exit();
}
const [cuda, reference] = [await outputsOn(gpu), await outputsOn(createDevice('reference'))];
const wrong = [...cuda].filter(([name, values]) => values.some((value, i) => value !== reference.get(name)[i]));
const convolutionsByLibrary = Number(process.env.FAKE_CUDNN_CONVOLUTIONS ?? 0);
console.log(JSON.stringify({ convolutionsByLibrary, wrong: wrong.map(([name]) => name), warnings }));
