// Devices by name.
import { describe, expect, test } from '@jest/globals';
import { listDevices } from '../../lib/devices/list';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { createDevice, type DeviceChoice, resolveDevice } from '../../lib/devices/select';

describe('createDevice', () => {
  test.each([
    ['auto', 'cpu'],
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
        message: 'unknown device "gpu"; allowed are auto, cpu, reference',
      }),
    );
  });

  test('of cuda says why it is not there, and what is', () => {
    expect(() => createDevice('cuda' as DeviceChoice)).toThrow(
      expect.objectContaining({
        code: 'CUDA_GAN_NO_DEVICE',
        message: 'cuda is not available: this version has no CUDA device yet; cpu is',
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

  test('gives the same device for the same name, and for auto that of cpu', () => {
    expect(resolveDevice('reference')).toBe(resolveDevice('reference'));
    expect(resolveDevice()).toBe(resolveDevice('cpu'));
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
  expect(cuda).toEqual({ name: 'cuda', available: false, reason: 'this version has no CUDA device yet' });
  expect(reference).toMatchObject({ name: 'reference', available: true });
});
