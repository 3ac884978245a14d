// Times matrix products on one thread of the cpu device. Answers each line { form, shape } on its input with the GFLOP/s,
// the best of some runs, as limit.cpp takes the best of its trials. Each is a Program of its own, whose steps multiply the
// same matrices.
import { createInterface } from 'node:readline';
import { createDevice } from '../dist/esm/devices/select.js';
import { matmul } from '../dist/esm/ops/matmul.js';
import { slice } from '../dist/esm/ops/slice.js';
import { Graph } from '../dist/esm/program/graph.js';
import { buildProgram } from '../dist/esm/program/program.js';
import { Variable } from '../dist/esm/program/variable.js';

const device = createDevice('cpu', { threads: 1 });
const runMs = 20;
const runs = 5;

function compile(form, [m, k, n]) {
  const graph = new Graph(1);
  const matrix = (name, rows, columns, transposed) => {
    const shape = transposed ? [columns, rows] : [rows, columns];
    const initial = () => Float32Array.from({ length: rows * columns }, () => Math.random() - 0.5);
    return graph.read(new Variable({ name, shape, initial }));
  };
  const [transposeA, transposeB] = [form[0] === 't', form[1] === 't'];
  const product = matmul(matrix('a', m, k, transposeA), matrix('b', k, n, transposeB), { transposeA, transposeB });
  // One element is enough to keep the product alive.
  graph.output('corner', slice(product, [0, 0], [1, 1]));
  return device.compile(buildProgram(graph, device));
}

async function gflopsOf({ form, shape }) {
  const executable = compile(form, shape);
  const flops = 2 * shape[0] * shape[1] * shape[2];
  const time = async (steps) => {
    const start = performance.now();
    await executable.run(steps);
    return (performance.now() - start) / steps;
  };
  const steps = Math.max(1, Math.ceil(runMs / (await time(Math.ceil(1e7 / flops)))));
  const all = [];
  for (let run = 0; run < runs; run++) all.push(await time(steps));
  executable.dispose();
  return flops / Math.min(...all) / 1e6;
}

for await (const line of createInterface({ input: process.stdin })) console.log(await gflopsOf(JSON.parse(line)));
