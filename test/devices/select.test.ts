// Devices by name.
import { describe, expect, test } from '@jest/globals';
import type { Precision } from '../../lib/devices/cuda';
import { listDevices } from '../../lib/devices/list';
import type { DeviceChoice } from '../../lib/devices/names';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { chooseDevice, createDevice, resolveDevice } from '../../lib/devices/select';

describe('createDevice', () => {
  test.each([
    ['auto', chooseDevice().name],
    ['cpu', 'cpu'],
    ['reference', 'reference'],
  ] as const)('%s opens the %s device', (choice, name) => {
    const device = createDevice(choice);
    expect(device.name).toBe(name);
    expect(device.description).not.toBe('');
    expect(device.threads).toBeGreaterThanOrEqual(1);
  });

  test('uses as many threads as asked for', () => {
    expect(createDevice('cpu', { threads: 3 }).threads).toBe(3);
  });

  test('of a name that there is not says which ones there are', () => {
    expect(() => createDevice('gpu' as DeviceChoice)).toThrow(
      expect.objectContaining({
        code: 'CUDA_GAN_VALUE',
        message:
          'unknown device "gpu"; allowed are auto, cpu, cuda, reference; of several GPUs cuda:0, cuda:1 and so on',
      }),
    );
  });

  test.each(['cuda:x', 'cuda:-1', 'cuda:01', 'cuda:', 'cuda:1.5', 'cpu:0', 'cuda:9999999999'])(
    'of %s says what is allowed',
    (name) => {
      const message = `unknown device "${name}"; allowed are auto, cpu, cuda, reference; of several GPUs cuda:0, cuda:1 and so on`;
      for (const open of [createDevice, resolveDevice]) {
        expect(() => open(name as DeviceChoice)).toThrow(expect.objectContaining({ code: 'CUDA_GAN_VALUE', message }));
      }
    },
  );

  test('of a precision that there is not says which ones there are', () => {
    expect(() => createDevice('cpu', { precision: 'float16' as Precision })).toThrow(
      expect.objectContaining({
        code: 'CUDA_GAN_VALUE',
        message: 'unknown precision "float16"; allowed are float32, tf32, bfloat16',
      }),
    );
  });

  test.each(['cpu', 'reference'] as const)('of %s in another precision than its own is an error', (name) => {
    expect(createDevice(name, { precision: 'float32' }).name).toBe(name);
    expect(() => createDevice(name, { precision: 'bfloat16' })).toThrow(
      expect.objectContaining({
        code: 'CUDA_GAN_VALUE',
        message: `precision is bfloat16; the ${name} device computes in float32 only`,
      }),
    );
  });

  test.each([0, -1, 1.5, 5000, Number.NaN, Number.POSITIVE_INFINITY])(
    'of %d threads says what is allowed',
    (threads) => {
      expect(() => createDevice('cpu', { threads })).toThrow(
        expect.objectContaining({
          code: 'CUDA_GAN_VALUE',
          message: `threads is ${threads}; allowed are whole numbers from 1 to 1024`,
        }),
      );
    },
  );
});

describe('resolveDevice', () => {
  test('takes a device as it is', () => {
    const device = new ReferenceDevice();
    expect(resolveDevice(device)).toBe(device);
  });

  test('gives the same device for the same name, and for auto that which it means', () => {
    expect(resolveDevice('reference')).toBe(resolveDevice('reference'));
    expect(resolveDevice()).toBe(resolveDevice(chooseDevice().name));
    expect(resolveDevice('cpu', { precision: 'float32' })).toBe(resolveDevice('cpu'));
  });

  test('gives a device of its own for a number of threads', () => {
    expect(resolveDevice('cpu', { threads: 2 })).not.toBe(resolveDevice('cpu', { threads: 2 }));
  });
});

test('listDevices tells of every device whether it is there, or why not', () => {
  const [cpu, cuda, reference] = listDevices();
  expect(cpu).toMatchObject({ name: 'cpu', available: true, threads: expect.any(Number) });
  expect(cpu!.instructionSets).toContain('baseline');
  expect(cpu!.instructionSets).toContain(cpu!.instructionSet);
  const { reason } = chooseDevice();
  expect(cuda).toMatchObject({ name: 'cuda', available: reason === undefined, ...(reason && { reason }) });
  expect(reference).toMatchObject({ name: 'reference', available: true });
});
