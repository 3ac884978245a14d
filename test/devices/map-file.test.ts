// Files as memory: what is read of them, who owns it, and that devices use it in place.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/devices/device';
import { mapFile } from '../../lib/devices/map-file';
import { requireAddon } from '../../lib/devices/native';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { gather } from '../../lib/ops/gather';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';
import type { Shape } from '../../lib/tensor';
import { cpuDevices, cudaDevices, sharingCpu } from '../support/devices';
import { error } from '../support/errors';
import { testNotOnWindows, testOnLinux } from '../support/platform';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mapped-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file of the bytes 0, 1, … 255, 0, … */
function fileOf(bytes: number, name = 'file'): string {
  const path = join(folder, name);
  rmSync(path, { force: true });
  writeFileSync(
    path,
    Uint8Array.from({ length: bytes }, (_, i) => i),
  );
  return path;
}

describe('the bytes of a file', () => {
  test.each([0, 1, 4096, 10000])('are all there, where it has %d', async (length) => {
    const path = fileOf(length);
    const bytes = await mapFile(path);
    expect(bytes).toBeInstanceOf(Uint8Array);
    expect(Buffer.compare(bytes, readFileSync(path))).toBe(0);
  });

  test('may be written to, and the file stays as it was', async () => {
    const path = fileOf(5000);
    const bytes = await mapFile(path);
    bytes.fill(7);
    expect(bytes[4999]).toBe(7);
    expect(readFileSync(path)[4999]).toBe(4999 % 256);
    expect((await mapFile(path))[4999]).toBe(4999 % 256);
  });

  testNotOnWindows('stay when the file is replaced or removed', async () => {
    const path = fileOf(5000);
    const bytes = await mapFile(path);
    writeFileSync(`${path}.new`, 'new');
    renameSync(`${path}.new`, path);
    rmSync(path);
    expect(bytes[4999]).toBe(4999 % 256);
  });

  test('of none are an error', async () => {
    const path = join(folder, 'none');
    await expect(mapFile(path)).rejects.toThrow(error('CUDA_GAN_FILE', `cannot read ${path}: no such file or folder`));
    await expect(mapFile(folder)).rejects.toThrow(error('CUDA_GAN_FILE', folder));
  });

  testNotOnWindows('are those that were asked for, and no others', () => {
    const path = fileOf(10000);
    const { mapFile: mapPart } = requireAddon();
    expect([...new Uint8Array(mapPart(path, 4999, 3)!)]).toEqual([4999, 5000, 5001].map((i) => i % 256));
    for (const [offset, length] of [
      [0, 0],
      [0, 10001],
      [10000, 1],
      [20000, 1],
    ] as const) {
      expect(() => mapPart(path, offset, length)).toThrow(
        `cannot map ${path}: ${length} bytes from ${offset} on are wanted of 10000`,
      );
    }
    expect(() => mapPart(`${path}/x`, 0, 1)).toThrow('Not a directory');
  });
});

/** A program on `device` that takes rows of its data, which `initial` gives. */
function rowTaker(device: Device, initial: () => Uint8Array, shape: Shape) {
  const graph = new Graph();
  const variable = new Variable({ name: 'data', shape, dtype: 'uint8', initial });
  const row = new Variable({ name: 'row', shape: [1], dtype: 'int32' });
  graph.output('y', gather(graph.read(variable), graph.read(row)));
  const executable = device.compile(buildProgram(graph, device));
  return {
    variable,
    take: async (wanted: number) => {
      await row.write(Int32Array.of(wanted), device);
      const { outputs } = await executable.run(1);
      return Array.from(outputs.get('y')!);
    },
    dispose: () => executable.dispose(),
  };
}

const devices = [...cpuDevices(), ...cudaDevices(), { label: 'reference', device: new ReferenceDevice() }];

describe.each(devices)('on $label', ({ device }) => {
  test('data of a mapped file is that of the file', async () => {
    const bytes = await mapFile(fileOf(10000));
    const { take } = rowTaker(device, () => bytes.subarray(4096, 4136), [10, 4]);
    expect(await take(9)).toEqual([36, 37, 38, 39]);
  });

  test('also where it begins somewhere in a page', async () => {
    const bytes = await mapFile(fileOf(10000));
    const { take } = rowTaker(device, () => bytes.subarray(4097, 4137), [10, 4]);
    expect(await take(9)).toEqual([37, 38, 39, 40]);
  });
});

describe('a cpu device', () => {
  testNotOnWindows('uses a mapped file in place', async () => {
    const bytes = await mapFile(fileOf(8192));
    const data = bytes.subarray(4096, 4136);
    const { take } = rowTaker(sharingCpu(1), () => data, [10, 4]);
    expect(await take(1)).toEqual([4, 5, 6, 7]);
    data[4] = 99;
    expect(await take(1)).toEqual([99, 5, 6, 7]);
  });

  test('copies every other array, which belongs to its caller', async () => {
    const data = Uint8Array.from({ length: 40 }, (_, i) => i);
    const { take } = rowTaker(sharingCpu(1), () => data, [10, 4]);
    expect(await take(1)).toEqual([4, 5, 6, 7]);
    data[4] = 99;
    expect(await take(1)).toEqual([4, 5, 6, 7]);
  });

  testOnLinux('keeps a mapped file as long as it uses it', async () => {
    const path = fileOf(2 ** 20, 'kept');
    const held: { bytes?: Uint8Array | undefined } = { bytes: await mapFile(path) };
    const { take, variable, dispose } = rowTaker(sharingCpu(1), () => held.bytes!, [2 ** 18, 4]);
    expect(mappings(path)).toBe(1);
    held.bytes = undefined;
    // The array is nobody's any more; its memory is the program's.
    variable.dispose();
    await collectGarbage();
    expect(await take(2 ** 18 - 1)).toEqual([252, 253, 254, 255]);
    dispose();
    await collectGarbage();
    expect(mappings(path)).toBe(0);
  });

  testNotOnWindows('may write to it, and the file stays as it was', async () => {
    const path = fileOf(8192);
    const device = sharingCpu(1);
    const bytes = await mapFile(path);
    const { variable, take } = rowTaker(device, () => bytes, [2048, 4]);
    await take(0);
    await variable.write(new Uint8Array(8192).fill(5), device);
    expect(await take(2047)).toEqual([5, 5, 5, 5]);
    expect(readFileSync(path)[0]).toBe(0);
  });
});

/** How often a file is mapped in this process. */
function mappings(path: string): number {
  return readFileSync('/proc/self/maps', 'utf8').split(path).length - 1;
}

async function collectGarbage(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  for (let i = 0; i < 3; i++) {
    runInNewContext('gc')();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
