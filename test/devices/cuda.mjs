// Opens the cuda device, or the one that is named, and adds up ones on it, again and again; prints what came of each attempt, as JSON.
import { createDevice } from '../../dist/esm/devices/select.js';
import { assign } from '../../dist/esm/ops/assign.js';
import { add } from '../../dist/esm/ops/binary.js';
import { fill } from '../../dist/esm/ops/fill.js';
import { Graph } from '../../dist/esm/program/graph.js';
import { buildProgram } from '../../dist/esm/program/program.js';
import { Variable } from '../../dist/esm/program/variable.js';

/** Adds 1 to a variable of `size` elements in each of 40 steps; answers with its last sum. */
async function addUp(device, size = 4) {
  const graph = new Graph();
  const sum = new Variable({ name: 'sum', shape: [size] });
  const next = add(graph.read(sum), fill(graph, [size], 1));
  graph.output('sum', next);
  assign(graph.read(sum), next);
  const executable = device.compile(buildProgram(graph));
  const { outputs } = await executable.run(40);
  return outputs.get('sum').at(-1);
}

async function attempt(work) {
  try {
    return await work();
  } catch ({ name, code, message }) {
    return `${name} ${code}: ${message}`;
  }
}

const results = {};
let cuda;
results.opened = await attempt(() => {
  cuda = createDevice(process.argv[2] ?? 'cuda');
  return cuda.description;
});
if (cuda !== undefined) {
  if (cuda.name === 'cuda') results.tooMuch = await attempt(() => addUp(cuda, 1e8));
  results.first = await attempt(() => addUp(cuda));
  results.second = await attempt(() => addUp(cuda));
}
results.cpu = await attempt(() => addUp(createDevice('cpu', { threads: 1 })));
console.log(JSON.stringify(results));
