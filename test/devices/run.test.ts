// Runs of a program: their order, their end, and what comes after dispose.
import { describe, expect, test } from '@jest/globals';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { elu, relu, sigmoid, softplus, tanh } from '../../lib/ops/activation';
import { affine } from '../../lib/ops/affine';
import { assign } from '../../lib/ops/assign';
import { maximum, minimum } from '../../lib/ops/binary';
import { increment } from '../../lib/ops/increment';
import { log, sign } from '../../lib/ops/unary';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';
import { cudaDevices, sharingCpu } from '../support/devices';
import { adding, counting } from './programs';

const cpu = sharingCpu(2);
const natives = [{ label: 'cpu', device: cpu }, ...cudaDevices()];
const devices = [{ label: 'reference', device: new ReferenceDevice() }, ...natives];

describe.each(devices)('on $label', ({ device }) => {
  test('a run has the outputs of every step, one after the other', async () => {
    const { steps, outputs } = await device.compile(adding(10).program).run(4);
    expect(steps).toBe(4);
    expect(outputs.get('sum')).toEqual(Float32Array.of(11, 12, 13, 14));
  });

  test('a run of no steps has empty outputs and changes nothing', async () => {
    const { program, sum } = adding(10);
    const { steps, outputs } = await device.compile(program).run(0);
    expect(steps).toBe(0);
    expect(outputs.get('sum')).toEqual(new Float32Array(0));
    expect(await sum.read(device)).toEqual(Float32Array.of(10));
  });

  test('two programs share the variables that both use', async () => {
    const { program, counter } = counting();
    const [first, second] = [device.compile(program), device.compile(program)];
    await first.run(3);
    await second.run(4);
    expect(await counter.read(device)).toEqual(Int32Array.of(7));
  });

  test('reads, writes and runs happen in the order they were asked for', async () => {
    const { program, sum } = adding();
    const executable = device.compile(program);
    const [, , first, , , second] = await Promise.all([
      sum.write(Float32Array.of(10), device),
      executable.run(3),
      sum.read(device),
      sum.write(Float32Array.of(100), device),
      executable.run(2),
      sum.read(device),
    ]);
    expect([first, second]).toEqual([Float32Array.of(13), Float32Array.of(102)]);
  });

  test('a job that fails does not hold up the next one', async () => {
    const { program, counter } = counting();
    const executable = device.compile(program);
    const failing = counter.on(device).write(new Int32Array(2));
    const run = executable.run(2);
    await expect(failing).rejects.toThrow();
    expect((await run).steps).toBe(2);
  });

  test('NaN goes through maximum, minimum, sign and activations, so that a divergence shows', async () => {
    const graph = new Graph();
    const read = (name: string, ...values: number[]) =>
      graph.read(new Variable({ name, shape: [2], initial: () => Float32Array.from(values) }));
    const [a, b] = [read('a', Number.NaN, 1), read('b', 1, Number.NaN)];
    graph.output('maximum', maximum(a, b));
    graph.output('minimum', minimum(a, b));
    graph.output('sign', sign(a));
    for (const [name, f] of Object.entries({ relu, elu, tanh, sigmoid, softplus })) graph.output(name, f(a));
    const { outputs } = await device.compile(buildProgram(graph)).run(1);
    const places = [...outputs].map(([name, values]) => `${name} ${[...values].map(Number.isNaN)}`);
    expect(places).toEqual([
      'maximum true,true',
      'minimum true,true',
      ...['sign', 'relu', 'elu', 'tanh', 'sigmoid', 'softplus'].map((name) => `${name} true,false`),
    ]);
  });

  describe('stopOnNonFinite', () => {
    /** Puts out ln 2, ln 1, ln 0, ln -1, … */
    function logarithms() {
      const graph = new Graph();
      const x = new Variable({ name: 'x', shape: [1], initial: () => Float32Array.of(2) });
      graph.output('y', log(graph.read(x)));
      assign(graph.read(x), affine(graph.read(x), 1, -1));
      return device.compile(buildProgram(graph));
    }

    test('ends a run after the step in which an output becomes infinite', async () => {
      const { steps, outputs } = await logarithms().run(10, { stopOnNonFinite: true });
      expect(steps).toBe(3);
      expect([...outputs.get('y')!].slice(1)).toEqual([0, Number.NEGATIVE_INFINITY]);
    });

    test('ends a run after the step in which an output becomes NaN', async () => {
      const executable = logarithms();
      await executable.run(3);
      const { steps, outputs } = await executable.run(10, { stopOnNonFinite: true });
      expect(steps).toBe(1);
      expect([...outputs.get('y')!]).toEqual([Number.NaN]);
    });

    test('leaves the state as it is after that step, however many were to follow', async () => {
      const graph = new Graph();
      const x = new Variable({ name: 'x', shape: [1], initial: () => Float32Array.of(40) });
      const counter = new Variable({ name: 'counter', shape: [], dtype: 'int32' });
      graph.output('y', log(graph.read(x)));
      assign(graph.read(x), affine(graph.read(x), 1, -1));
      increment(graph.read(counter));
      const executable = device.compile(buildProgram(graph));
      const { steps, outputs } = await executable.run(200, { stopOnNonFinite: true });
      expect(steps).toBe(41);
      expect([...outputs.get('y')!].findIndex((y) => !Number.isFinite(y))).toBe(40);
      expect(await x.read(device)).toEqual(Float32Array.of(-1));
      expect(await counter.read(device)).toEqual(Int32Array.of(41));
    });

    test('is off by default', async () => {
      expect((await logarithms().run(10)).steps).toBe(10);
    });
  });

  describe('an AbortSignal', () => {
    test('ends a run after the step under way', async () => {
      const { program, counter } = counting();
      const controller = new AbortController();
      const run = device.compile(program).run(1e9, { signal: controller.signal });
      setImmediate(() => controller.abort());
      const { steps } = await run;
      expect(steps).toBeGreaterThan(0);
      expect(steps).toBeLessThan(1e9);
      expect(await counter.read(device)).toEqual(Int32Array.of(steps));
    });

    test('that is aborted before lets no step happen', async () => {
      const { steps, outputs } = await device.compile(adding().program).run(5, { signal: AbortSignal.abort() });
      expect(steps).toBe(0);
      expect(outputs.get('sum')).toEqual(new Float32Array(0));
    });

    test('does not end later runs', async () => {
      const executable = device.compile(counting().program);
      const controller = new AbortController();
      const aborted = executable.run(1e9, { signal: controller.signal });
      const next = executable.run(7);
      setImmediate(() => controller.abort());
      await aborted;
      expect((await next).steps).toBe(7);
    });
  });
});

describe.each(natives)('in native memory: $label', ({ device }) => {
  test('a program that was disposed of does not run: an error says so', async () => {
    const executable = device.compile(adding().program);
    executable.dispose();
    await expect(executable.run(1)).rejects.toMatchObject({
      code: 'CUDA_GAN_STATE',
      message: 'the executable was disposed of',
    });
  });

  test('memory that was disposed of is not read or written: an error says so', async () => {
    const buffer = device.allocate({ shape: [2], dtype: 'float32' }, new Float32Array(2));
    buffer.dispose();
    const error = { code: 'CUDA_GAN_STATE', message: 'the buffer was disposed of' };
    await expect(buffer.read(new Float32Array(2))).rejects.toMatchObject(error);
    await expect(buffer.write(new Float32Array(2))).rejects.toMatchObject(error);
  });

  test('disposing twice is once', () => {
    const executable = device.compile(adding().program);
    const buffer = device.allocate({ shape: [2], dtype: 'float32' }, new Float32Array(2));
    for (const resource of [executable, executable, buffer, buffer]) expect(() => resource.dispose()).not.toThrow();
  });

  test('disposing waits for the runs before it', async () => {
    const { program, sum } = adding();
    const executable = device.compile(program);
    const run = executable.run(1000);
    executable.dispose();
    sum.dispose();
    expect((await run).outputs.get('sum')!.at(-1)).toBe(1000);
  });

  test('a program keeps the memory of its variables while it can run', async () => {
    const { program, sum } = adding();
    const executable = device.compile(program);
    sum.dispose();
    expect((await executable.run(2)).outputs.get('sum')).toEqual(Float32Array.of(1, 2));
  });

  test('an array of another length than the memory is an error', async () => {
    const buffer = device.allocate({ shape: [2], dtype: 'float32' }, new Float32Array(2));
    await expect(buffer.write(new Float32Array(3))).rejects.toMatchObject({ code: 'CUDA_GAN_SHAPE' });
  });
});

describe('on the cpu device', () => {
  test('runs of two devices take turns on the threads of the process', async () => {
    const others = [sharingCpu(3), sharingCpu(1), cpu];
    const runs = await Promise.all(others.map((device) => device.compile(counting().program).run(100)));
    expect(runs.map(({ steps }) => steps)).toEqual([100, 100, 100]);
  });

  test('a program whose ops are too small to share ends, every time', async () => {
    const { program, sum } = adding();
    const executable = cpu.compile(program);
    for (let i = 0; i < 500; i++) await executable.run(1);
    expect(await sum.read(cpu)).toEqual(Float32Array.of(500));
  });
});
