// How many threads the cpu device has by default: what this process may use. More of them would be put aside in the
// middle of a step, and make the others wait.
import { inWords } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { Cores } from './addon.cjs';
import { type CpuQuota, cpuQuotas } from './cgroups.js';
import { requireAddon } from './native.js';

/** A number of threads, and what decided it. */
export interface ThreadLimit {
  readonly threads: number;
  readonly by: 'physical cores' | 'affinity mask' | 'cgroup v1 quota' | 'cgroup v2 quota' | 'CUDA_GAN_THREADS';
  /** Of a quota: the processors' worth of time, which may be a fraction, and the file that states it. */
  readonly cpus?: number;
  readonly file?: string;
}

const most = 1024;

/**
 * The environment variable CUDA_GAN_THREADS, else the least of what limits this process.
 * @throws CudaGanError `CUDA_GAN_NO_DEVICE` when the addon is missing, `CUDA_GAN_VALUE` for a wrong CUDA_GAN_THREADS.
 */
export function defaultThreads(): ThreadLimit {
  const wanted = process.env.CUDA_GAN_THREADS;
  if (!wanted) return leastLimit(requireAddon().cores(), cpuQuotas());
  const number = /^\d+$/.test(wanted) ? Number(wanted) : Number.NaN;
  return { threads: threadsNumber('CUDA_GAN_THREADS', number, JSON.stringify(wanted)), by: 'CUDA_GAN_THREADS' };
}

/** Quotas count rounded down, and as one processor at least. Of equal limits, the first: cores, mask, quotas. */
export function leastLimit({ all, usable }: Cores, quotas: readonly CpuQuota[]): ThreadLimit {
  const limits: ThreadLimit[] = [
    { threads: Math.min(all, most), by: 'physical cores' },
    { threads: usable, by: 'affinity mask' },
    ...quotas.map(({ version, cpus, file }): ThreadLimit => {
      return { threads: Math.max(1, Math.floor(cpus)), by: `cgroup v${version} quota`, cpus, file };
    }),
  ];
  return limits.reduce((least, limit) => (limit.threads < least.threads ? limit : least));
}

/**
 * `value` if a device may have so many threads.
 * @param found What the error calls it.
 * @throws CudaGanError `CUDA_GAN_VALUE` otherwise.
 */
export function threadsNumber(name: string, value: number, found = inWords(value)): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new CudaGanError('CUDA_GAN_VALUE', `${name} is ${found}; allowed are whole numbers from 1 to ${most}`);
}
