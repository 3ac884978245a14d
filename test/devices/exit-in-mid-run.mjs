// Run in a process of its own by process.test.ts, with the built package and the name of a device: ends the process while a run is under way.
import { createDevice } from '../../dist/esm/devices/select.js';
import { increment } from '../../dist/esm/ops/increment.js';
import { Graph } from '../../dist/esm/program/graph.js';
import { buildProgram } from '../../dist/esm/program/program.js';
import { Variable } from '../../dist/esm/program/variable.js';

const graph = new Graph();
increment(graph.read(new Variable({ name: 'counter', shape: [], dtype: 'int32' })));
createDevice(process.argv[2]).compile(buildProgram(graph)).run(1e12);
setImmediate(() => process.exit(7));
