// Run in a process of its own by process.test.ts, with the built package: prints how many threads the process has more
// than at the start, after each of several runs on cpu devices of three threads. Linux only.
import { readdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openCpu } from '../../dist/esm/devices/cpu.js';
import { matmul } from '../../dist/esm/ops/matmul.js';
import { Graph } from '../../dist/esm/program/graph.js';
import { buildProgram } from '../../dist/esm/program/program.js';
import { Variable } from '../../dist/esm/program/variable.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const count = () => readdirSync('/proc/self/task').length;

async function square(size, device, runs) {
  const graph = new Graph();
  const x = graph.read(new Variable({ name: 'x', shape: [size, size] }));
  graph.output('y', matmul(x, x));
  const executable = device.compile(buildProgram(graph));
  for (let i = 0; i < runs; i++) await executable.run(1);
}

const atFirst = count();
const results = {};
const ran = (name) => {
  results[name] = count() - atFirst;
};
// Both are kept until the end: what is collected earlier has fewer threads.
let devices = [openCpu(3), openCpu(4, 0)];
await square(8, devices[0], 1);
ran('small');
await square(8, devices[0], 20);
ran('small again');
await square(256, devices[0], 1);
ran('large');
await square(8, devices[1], 1);
ran('small, shared by four');
devices = undefined;
for (let i = 0; i < 10 && count() - atFirst > 3; i++) {
  collectGarbage();
  await setImmediate();
}
ran('garbage collected');
console.log(JSON.stringify(results));
