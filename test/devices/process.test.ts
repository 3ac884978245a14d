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
import { emulatedAddon, emulator, gpuMissing } from '../support/devices';
import { testOnLinux } from '../support/platform';

/** Runs a script beside this file; a process that hangs is killed after 50 s and has no exit code. */
function start(script: string, environment: NodeJS.ProcessEnv = {}, ...args: string[]) {
  return new Promise<{ exitCode: unknown; output: string; errors: string }>((resolve) => {
    const options = { env: { ...process.env, ...environment }, timeout: 50_000 };
    const done = (error: Error | null, output: string, errors: string) =>
      resolve({ exitCode: error === null ? 0 : (error as NodeJS.ErrnoException).code, output, errors });
    execFile(process.execPath, [join(__dirname, script), ...args], options, done);
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

testOnLinux('threads are made once, and only for programs worth sharing', async () => {
  const { output, errors } = await start('thread-count.mjs');
  expect(errors).toBe('');
  expect(JSON.parse(output)).toEqual({
    small: 1, // the one that runs the device's programs
    'small again': 1,
    large: 1 + 2,
    'small, shared by four': 2 + 3,
    'garbage collected': 3,
  });
});

/** Names of devices, and where their addon is. */
const devices: [string, string, NodeJS.ProcessEnv][] = [
  ['cpu', 'cpu', {}],
  ...(gpuMissing === undefined ? [['cuda', 'cuda', {}] as [string, string, NodeJS.ProcessEnv]] : []),
  ...(emulatedAddon() === undefined
    ? []
    : [['emulated cuda', 'cuda', { CUDA_GAN_PREBUILD: emulator }] as [string, string, NodeJS.ProcessEnv]]),
];

describe.each(devices)('on %s', (_, name, environment) => {
  test('worker threads that train can be ended at any moment', async () => {
    const ended = await start('terminations.mjs', environment, name);
    expect(ended).toEqual({ exitCode: 0, output: 'all ended\n', errors: '' });
  });

  test('a process can exit in mid-run, with its own exit code', async () => {
    const ended = await start('exit-in-mid-run.mjs', environment, name);
    expect(ended).toEqual({ exitCode: 7, output: '', errors: '' });
  });
});
