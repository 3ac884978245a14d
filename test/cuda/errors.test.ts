// What every error of CUDA means to a user. Needs a C++ compiler and the headers of the CUDA toolkit, but neither its
// libraries nor a GPU.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isThere } from '../support/skips';
import { cudaHeaders } from './headers';

const root = join(__dirname, '../..');

/** The errors of the runtime as its header has them. */
function errorsOf(header: string): { name: string; number: string; description: string }[] {
  const [, list = ''] = /enum __device_builtin__ cudaError\s*\{([^}]*)\}/.exec(header) ?? [];
  return [...list.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(cudaError\w+|cudaSuccess)\s*=\s*(\d+)/g)].map(
    ([, description = '', name = '', number = '']) => ({
      name,
      number,
      description: description.replace(/[\s*]+/g, ' '),
    }),
  );
}

/** Of devices and services that are gone, of which the header does not say that the process is lost with them. */
const alsoLost = [
  'cudaErrorECCUncorrectable',
  'cudaErrorNvlinkUncorrectable',
  'cudaErrorContextIsDestroyed',
  'cudaErrorMpsConnectionFailed',
  'cudaErrorMpsRpcFailure',
  'cudaErrorMpsServerNotReady',
  'cudaErrorMpsMaxClientsReached',
  'cudaErrorMpsMaxConnectionsReached',
  'cudaErrorUnknown',
];

const others: Record<string, string> = {
  cudaSuccess: 'none',
  cudaErrorMemoryAllocation: 'CUDA_GAN_NO_MEMORY',
  cudaErrorDevicesUnavailable: 'CUDA_GAN_NO_DEVICE',
  cudaErrorNoKernelImageForDevice: 'CUDA_GAN_NO_DEVICE',
  cudaErrorInvalidDeviceFunction: 'CUDA_GAN_NO_DEVICE',
  cudaErrorInvalidPtx: 'CUDA_GAN_NO_DEVICE',
  cudaErrorUnsupportedPtxVersion: 'CUDA_GAN_NO_DEVICE',
};

const possible = process.platform === 'linux' && cudaHeaders !== undefined;
const withHeaders = isThere(possible, 'errors of CUDA', 'this is not Linux, or CUDA has no headers')
  ? describe
  : describe.skip;
withHeaders('errors of CUDA (Linux, with the headers of the CUDA toolkit)', () => {
  const header = possible ? readFileSync(join(cudaHeaders!, 'driver_types.h'), 'utf8') : '';
  const errors = errorsOf(header);

  test('those after which the header wants a new process, and those of what is gone, are a lost device; no others are', () => {
    expect(errors.length).toBe(header.match(/^\s*cuda(Error\w+|Success)\s*=\s*\d+/gm)?.length);
    const folder = mkdtempSync(join(tmpdir(), 'cuda-gan-errors-'));
    const program = join(folder, 'errors');
    const sources = [join(__dirname, 'errors.cpp'), join(root, 'native/cuda/runtime/check.cpp')];
    const includes = ['-I', join(root, 'native/cuda'), '-isystem', cudaHeaders!];
    execFileSync('c++', ['-std=c++17', '-Wall', '-Wextra', '-Werror', ...includes, ...sources, '-o', program]);
    const codes = execFileSync(
      program,
      errors.map(({ number }) => number),
      { encoding: 'utf8' },
    )
      .trim()
      .split('\n');
    rmSync(folder, { recursive: true });

    const found = errors.map(({ name }, i) => [name, codes[i]]);
    const wanted = errors.map(({ name, description }) => {
      const isLost = /process must be terminated and relaunched/.test(description) || alsoLost.includes(name);
      return [name, isLost ? 'CUDA_GAN_DEVICE_LOST' : (others[name] ?? 'CUDA_GAN_INTERNAL')];
    });
    expect(found).toEqual(wanted);
    for (const name of [...alsoLost, ...Object.keys(others)]) expect(errors.map((error) => error.name)).toContain(name);
  });
});
