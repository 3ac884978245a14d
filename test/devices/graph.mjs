// Prints what the graph of two products, one after the other, is made of on the cuda device.
import { createDevice } from '../../dist/esm/devices/select.js';
import { matmul } from '../../dist/esm/ops/index.js';
import { Graph } from '../../dist/esm/program/graph.js';
import { buildProgram } from '../../dist/esm/program/program.js';
import { Variable } from '../../dist/esm/program/variable.js';

const graph = new Graph();
const x = graph.read(new Variable({ name: 'x', shape: [8, 8] }));
graph.output('y', matmul(matmul(x, x), x));
const { nodes, early } = createDevice('cuda').compile(buildProgram(graph)).graph(1);
console.log(JSON.stringify({ nodes, early }));
