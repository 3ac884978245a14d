// Variables: first content, reading, writing, and the device they live on.
import { expect, test } from '@jest/globals';
import type { Device } from '../../lib/devices/device';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { createDevice } from '../../lib/devices/select';
import { Variable } from '../../lib/program/variable';
import { cudaDevices } from '../support/devices';

const devices: Device[] = [
  new ReferenceDevice(),
  createDevice('cpu', { threads: 1 }),
  ...cudaDevices().map(({ device }) => device),
];

test.each(devices)('a variable starts as zeros of its type on $name', async (device) => {
  for (const [dtype, zeros] of [
    ['float32', new Float32Array(6)],
    ['int32', new Int32Array(6)],
    ['uint8', new Uint8Array(6)],
  ] as const) {
    expect(await new Variable({ name: 'v', shape: [2, 3], dtype }).read(device)).toEqual(zeros);
  }
});

test.each(devices)('what is written can be read on $name', async (device) => {
  const variable = new Variable({ name: 'v', shape: [3], initial: () => Float32Array.of(1, 2, 3) });
  expect(await variable.read(device)).toEqual(Float32Array.of(1, 2, 3));
  await variable.write(Float32Array.of(-1, 0.5, 7), device);
  expect(await variable.read(device)).toEqual(Float32Array.of(-1, 0.5, 7));
});

test('the first content is computed once, when it is needed', () => {
  let calls = 0;
  const initial = () => Float32Array.of(++calls);
  const variable = new Variable({ name: 'v', shape: [1], initial });
  expect(calls).toBe(0);
  variable.on(devices[0]!);
  variable.on(devices[0]!);
  expect(calls).toBe(1);
});

test.each(devices)(
  'what is written before there is a content takes the place of the first one on $name',
  async (device) => {
    const initial = () => {
      throw new Error('the first content was made');
    };
    const variable = new Variable({ name: 'v', shape: [2], initial });
    const data = Float32Array.of(0.5, 7);
    await variable.write(data, device);
    data.fill(0);
    expect(await variable.read(device)).toEqual(Float32Array.of(0.5, 7));
    expect(variable.device).toBe(device);
  },
);

test('data of another length is an error that names the variable, its shape and both lengths', async () => {
  const variable = new Variable({ name: 'kernel', shape: [2, 3] });
  await expect(variable.write(new Float32Array(5), devices[0]!)).rejects.toMatchObject({
    code: 'CUDA_GAN_SHAPE',
    message: 'variable "kernel" has shape [2, 3] (6 elements); the data has 5',
  });
});

test('a variable lives on one device: using it on another is an error that names both', () => {
  const variable = new Variable({ name: 'kernel', shape: [2] });
  variable.on(devices[0]!);
  expect(variable.device).toBe(devices[0]);
  expect(() => variable.on(devices[1]!)).toThrow(
    expect.objectContaining({
      code: 'CUDA_GAN_STATE',
      message: expect.stringContaining('variable "kernel" lives on reference and cannot be used on cpu'),
    }),
  );
});

test('a variable that was disposed of starts anew, on any device', async () => {
  const variable = new Variable({ name: 'v', shape: [1], initial: () => Float32Array.of(5) });
  await variable.write(Float32Array.of(6), devices[0]!);
  variable.dispose();
  expect(variable.device).toBeUndefined();
  expect(await variable.read(devices[1]!)).toEqual(Float32Array.of(5));
});
