// Run in a process of its own by process.test.ts, with the built package: counts steps in a worker thread, ends that
// in the middle of a run of hours, and then counts in the main thread.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { openCpu } from '../../dist/esm/devices/cpu.js';
import { increment } from '../../dist/esm/ops/increment.js';
import { Graph } from '../../dist/esm/program/graph.js';
import { buildProgram } from '../../dist/esm/program/program.js';
import { Variable } from '../../dist/esm/program/variable.js';

async function count(steps) {
  const device = openCpu(2, 0);
  const graph = new Graph();
  const counter = new Variable({ name: 'counter', shape: [], dtype: 'int32' });
  increment(graph.read(counter));
  await device.compile(buildProgram(graph)).run(steps);
  return (await counter.read(device))[0];
}

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  const inWorker = await new Promise((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  await worker.terminate();
  console.log(JSON.stringify({ inWorker, afterwards: await count(500) }));
} else {
  const counted = await count(1000);
  count(1e12);
  setImmediate(() => parentPort.postMessage(counted));
}
