// The addon and the process around it: environment, event loop, worker threads, exit. Some tests start a process of
// their own, which uses the built package.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, expect, test } from '@jest/globals';
import { requireAddon } from '../../lib/devices/native';
import { createDevice } from '../../lib/devices/select';
import { assign } from '../../lib/ops/assign';
import { matmul } from '../../lib/ops/matmul';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';

/** Runs a script beside this file; a process that hangs is killed after 20 s and has no exit code. */
function start(script: string, environment: NodeJS.ProcessEnv = {}) {
  return new Promise<{ exitCode: unknown; output: string; errors: string }>((resolve) => {
    const options = { env: { ...process.env, ...environment }, timeout: 20_000 };
    const done = (error: Error | null, output: string, errors: string) =>
      resolve({ exitCode: error === null ? 0 : (error as NodeJS.ErrnoException).code, output, errors });
    execFile(process.execPath, [join(__dirname, script)], options, done);
  });
}

describe('CUDA_GAN_ISA', () => {
  const instructionSets = requireAddon().instructionSets();

  test.each(instructionSets)('chooses the kernels: %s', async (name) => {
    const { output } = await start('open.mjs', { CUDA_GAN_ISA: name });
    expect(output).toContain(`, ${name}, `);
  });

  test.each([undefined, ''])('%j leaves the choice of the best to the device', async (name) => {
    const { output } = await start('open.mjs', { CUDA_GAN_ISA: name });
    expect(output).toContain(`, ${instructionSets[0]}, `);
  });

  test('with another value is an error that says what there is', async () => {
    const { output } = await start('open.mjs', { CUDA_GAN_ISA: 'sse9' });
    const wanted = `CUDA_GAN_VALUE: CUDA_GAN_ISA is "sse9"; this processor has: ${instructionSets.join(', ')}\n`;
    expect(output).toBe(wanted);
  });
});

test('a run does not block the event loop', async () => {
  const graph = new Graph();
  const square = new Variable({ name: 'a', shape: [256, 256] });
  assign(graph.read(square), matmul(graph.read(square), graph.read(square)));
  const executable = createDevice('cpu', { threads: 1 }).compile(buildProgram(graph));

  const runMs = 1000;
  const tickMs = 5;
  const delay = monitorEventLoopDelay({ resolution: tickMs });
  let ticks = 0;
  const timer = setInterval(() => ticks++, tickMs);
  delay.enable();
  const run = await executable.run(1e9, { signal: AbortSignal.timeout(runMs) });
  delay.disable();
  clearInterval(timer);
  expect(run.steps).toBeGreaterThan(0);
  // Every tick at most four times as late as it should be, but for one in a hundred.
  expect(delay.percentile(99) / 1e6).toBeLessThan(20);
  expect(ticks).toBeGreaterThan(runMs / tickMs / 4);
});

test('a worker thread runs programs, and the main thread goes on when it was ended in mid-run', async () => {
  const { exitCode, output, errors } = await start('worker.mjs');
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
  expect(JSON.parse(output)).toEqual({ inWorker: 1000, afterwards: 500 });
});

test('worker threads that train can be ended at any moment', async () => {
  expect(await start('terminations.mjs')).toEqual({ exitCode: 0, output: 'all ended\n', errors: '' });
});

test('a process can exit in mid-run, with its own exit code', async () => {
  expect(await start('exit-in-mid-run.mjs')).toEqual({ exitCode: 7, output: '', errors: '' });
});
