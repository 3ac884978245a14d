// What `cuda-gan info` prints of made-up devices.
import { describe, expect, test } from '@jest/globals';
import { deviceLines } from '../../lib/cli/device-lines';
import type { DeviceInfo } from '../../lib/devices/list';

describe('of a cuda device', () => {
  const found = { name: 'cuBLASLt', path: '/lib/libcublasLt.so.13', version: '13.0', tried: [], refused: [] };
  const missing = {
    name: 'cuDNN',
    path: '',
    version: '',
    tried: ['CUDA_PATH: not set', '/usr/local/cuda: none'],
    refused: [],
  };
  const search = [
    'cuDNN: not found, and not needed. Tried:',
    '  CUDA_PATH: not set',
    '  /usr/local/cuda: none',
    'To add a library: pip install nvidia-cublas (or nvidia-cudnn-cu13), or name its folder by CUDA_GAN_LIB_DIR',
  ];
  const without: DeviceInfo = {
    name: 'cuda',
    available: false,
    reason: 'no NVIDIA driver was found',
    runtimeVersion: '13.0',
    libraries: [missing],
  };
  const withGpu: DeviceInfo = {
    name: 'cuda',
    available: true,
    description: 'A GPU',
    memoryBytes: 16 * 2 ** 30,
    driverVersion: '13.1',
    runtimeVersion: '13.0',
    libraries: [found, missing],
  };
  const lines = (device: DeviceInfo, verbose: boolean) => deviceLines(device, verbose).map((line) => line.slice(13));

  test('without a GPU there are two lines: why, and which versions', () => {
    expect(deviceLines(without, false)).toEqual([
      '  cuda       not available: no NVIDIA driver was found',
      '             built with CUDA 13.0; driver: none',
    ]);
  });

  test('without a GPU the search for libraries is shown when asked for', () => {
    expect(lines(without, true).slice(2)).toEqual(search);
  });

  test.each([false, true])('with a GPU the search for a library that is missing is shown (verbose: %j)', (verbose) => {
    expect(lines(withGpu, verbose)).toEqual([
      'A GPU',
      'memory: 16.0 GiB',
      'built with CUDA 13.0; driver: up to CUDA 13.1',
      'cuBLASLt 13.0: /lib/libcublasLt.so.13',
      ...search,
    ]);
  });

  test('what was refused before the one that was found is shown', () => {
    const refused = ['CUDA_PATH: /lib/libcublasLt.so.13: cublasLtCreate: CUBLAS_STATUS_NOT_INITIALIZED'];
    expect(lines({ ...withGpu, libraries: [{ ...found, refused }] }, false).slice(3)).toEqual([
      'cuBLASLt 13.0: /lib/libcublasLt.so.13',
      `  refused: ${refused[0]}`,
    ]);
  });

  test('every GPU but the first is shown by its number', () => {
    expect([0, 1].map((gpu) => deviceLines({ ...withGpu, gpu }, false)[0])).toEqual([
      '  cuda       A GPU',
      '  cuda:1     A GPU',
    ]);
  });

  test('with a GPU and all libraries there is no search to show', () => {
    expect(lines({ ...withGpu, libraries: [found] }, false).slice(3)).toEqual([
      'cuBLASLt 13.0: /lib/libcublasLt.so.13',
    ]);
  });
});

describe('of a cpu device', () => {
  const cpu: DeviceInfo = {
    name: 'cpu',
    available: true,
    description: 'A processor',
    instructionSets: ['avx2', 'baseline'],
  };

  test.each([
    [{ threads: 2, by: 'affinity mask' }, 'affinity mask'],
    [{ threads: 3, by: 'CUDA_GAN_THREADS' }, 'CUDA_GAN_THREADS'],
    [{ threads: 1, by: 'cgroup v2 quota', cpus: 1.5, file: '/a/cpu.max' }, 'cgroup v2 quota, 1.5 CPUs in /a/cpu.max'],
  ] as const)('what decided the number of threads is said: %j', (threadLimit, text) => {
    expect(deviceLines({ ...cpu, threadLimit }, false)).toEqual([
      '  cpu        A processor (has avx2, baseline)',
      `             threads decided by: ${text}`,
    ]);
  });
});
