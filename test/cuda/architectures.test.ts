// What GPUs a build has code for. Needs CMake; stands in for nvidia-smi.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { isThere } from '../support/skips';

const script = join(__dirname, '../../cmake/cuda-architectures.cmake');
const folder = mkdtempSync(join(tmpdir(), 'cuda-gan-architectures-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the build is for, on a machine whose nvidia-smi prints these lines. */
function architectures(settings: Record<string, string>, capabilities: readonly string[] = []): string {
  const nvidiaSmi = join(folder, 'nvidia-smi');
  writeFileSync(nvidiaSmi, `#!/bin/sh\nprintf '%s\\n' ${capabilities.join(' ')}\n`);
  chmodSync(nvidiaSmi, 0o755);
  const definitions = Object.entries({ NVIDIA_SMI: nvidiaSmi, ...settings }).map(
    ([name, value]) => `-D${name}=${value}`,
  );
  const output = execFileSync('cmake', [...definitions, '-P', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return output.trim().replace(/^-- cuda-gan is built for CUDA architectures /, '');
}

const isLinux = process.platform === 'linux';
const onLinux = isThere(isLinux, 'the choice of architectures', 'this is not Linux') ? describe : describe.skip;
onLinux('a build (on Linux)', () => {
  test('for oneself is for all GPUs of the machine, each once', () => {
    expect(architectures({}, ['9.0'])).toBe('90: GPUs of compute capability 9.0 and newer');
    expect(architectures({}, ['12.0', '8.6', '12.0', '9.0'])).toBe(
      '86;90;120: GPUs of compute capability 8.6, 9.0, 12.0 and newer',
    );
  });

  test('without a GPU is for 8.0 and newer', () => {
    expect(architectures({}, [])).toBe('80: GPUs of compute capability 8.0 and newer');
  });

  test('for others has machine code from Turing to Blackwell, and PTX for newer ones', () => {
    expect(architectures({ CUDA_GAN_PREBUILD: 'ON', CMAKE_SYSTEM_PROCESSOR: 'x86_64' }, ['9.0'])).toBe(
      '75-real;80-real;86-real;89-real;90-real;100-real;120: ' +
        'GPUs of compute capability 7.5, 8.0, 8.6, 8.9, 9.0, 10.0, 12.0 and newer',
    );
  });

  test('for others on arm64 has machine code for the GPUs that are beside such processors', () => {
    for (const processor of ['aarch64', 'arm64']) {
      expect(architectures({ CUDA_GAN_PREBUILD: 'ON', CMAKE_SYSTEM_PROCESSOR: processor })).toBe(
        '80-real;90-real;100-real;110-real;120: GPUs of compute capability 8.0, 9.0, 10.0, 11.0, 12.0 and newer',
      );
    }
  });

  test('of chosen architectures says what it is for; a name that is none is an error', () => {
    expect(architectures({ CMAKE_CUDA_ARCHITECTURES: '75-real;90-virtual' })).toBe(
      '75-real;90-virtual: GPUs of compute capability 7.5, 9.0 and newer',
    );
    expect(architectures({ CMAKE_CUDA_ARCHITECTURES: '90-real' })).toBe('90-real: GPUs of compute capability 9.0');
    expect(() => architectures({ CMAKE_CUDA_ARCHITECTURES: 'native' })).toThrow(/allowed are numbers, such as 75/);
  });
});
