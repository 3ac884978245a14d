// How many threads the cpu device has when nobody says how many. Some tests start a process, with the built package.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { cpuQuotas } from '../../lib/devices/cgroups';
import { requireAddon } from '../../lib/devices/native';
import { createDevice } from '../../lib/devices/select';
import { defaultThreads, leastLimit } from '../../lib/devices/threads';

delete process.env.CUDA_GAN_THREADS;

describe('of the limits of a process the least decides', () => {
  const quota = (cpus: number, version: 1 | 2 = 2) => ({ version, cpus, file: `quota of ${cpus}` });

  test.each([
    ['no limit', { all: 64, usable: 64 }, [], { threads: 64, by: 'physical cores' }],
    ['a mask', { all: 64, usable: 3 }, [quota(4)], { threads: 3, by: 'affinity mask' }],
    [
      'the tightest of several quotas',
      { all: 64, usable: 8 },
      [quota(6), quota(2, 1), quota(4)],
      { threads: 2, by: 'cgroup v1 quota', cpus: 2, file: 'quota of 2' },
    ],
    [
      'a quota that is rounded down',
      { all: 64, usable: 64 },
      [quota(2.9)],
      { threads: 2, by: 'cgroup v2 quota', cpus: 2.9, file: 'quota of 2.9' },
    ],
    [
      'a quota below one processor',
      { all: 2, usable: 2 },
      [quota(0.5)],
      { threads: 1, by: 'cgroup v2 quota', cpus: 0.5, file: 'quota of 0.5' },
    ],
    ['a quota that leaves all cores', { all: 2, usable: 2 }, [quota(2.5)], { threads: 2, by: 'physical cores' }],
    [
      'more cores than a device may have threads',
      { all: 2000, usable: 2000 },
      [],
      { threads: 1024, by: 'physical cores' },
    ],
  ] as const)('%s', (_, cores, quotas, limit) => {
    expect(leastLimit(cores, quotas)).toEqual(limit);
  });

  test('those of this process, for a device without a number of threads', () => {
    const limit = leastLimit(requireAddon().cores(), cpuQuotas());
    expect(defaultThreads()).toEqual(limit);
    expect(createDevice('cpu').threads).toBe(limit.threads);
  });
});

describe('CUDA_GAN_THREADS', () => {
  afterEach(() => {
    delete process.env.CUDA_GAN_THREADS;
  });

  test.each([1, 5, 1024])('decides: %d', (threads) => {
    process.env.CUDA_GAN_THREADS = `${threads}`;
    expect(defaultThreads()).toEqual({ threads, by: 'CUDA_GAN_THREADS' });
    expect(createDevice('cpu').threads).toBe(threads);
  });

  test('that is empty does not', () => {
    const limit = defaultThreads();
    process.env.CUDA_GAN_THREADS = '';
    expect(defaultThreads()).toEqual(limit);
  });

  test.each(['0', '-1', '1.5', '1025', 'all', '0x2', ' ', 'NaN'])('of %j says what is allowed', (text) => {
    process.env.CUDA_GAN_THREADS = text;
    expect(() => createDevice('cpu')).toThrow(
      expect.objectContaining({
        code: 'CUDA_GAN_VALUE',
        message: `CUDA_GAN_THREADS is "${text}"; allowed are whole numbers from 1 to 1024`,
      }),
    );
  });

  test.each(['5', 'all'])('of %j is not looked at when the option threads is given', (text) => {
    process.env.CUDA_GAN_THREADS = text;
    expect(createDevice('cpu', { threads: 2 }).threads).toBe(2);
  });
});

/** Hardware threads that this process may run on, each with its core. */
function processors(): { readonly id: string; readonly core: string }[] {
  const allowed = spawnSync('taskset', ['-c', '-p', `${process.pid}`], { encoding: 'utf8' });
  const listed = spawnSync('lscpu', ['--parse=CPU,CORE'], { encoding: 'utf8' });
  if (allowed.status !== 0 || listed.status !== 0) return [];
  const ranges = allowed.stdout
    .split(': ')[1]!
    .split(',')
    .map((range) => range.split('-').map(Number));
  return listed.stdout
    .split('\n')
    .map((line) => /^(\d+),(\d+)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, id, core]) => ({ id: id!, core: core! }))
    .filter(({ id }) => ranges.some(([first, last = first]) => first! <= Number(id) && Number(id) <= last!));
}

const usable = processors();

/** What a process with this affinity mask opens. */
function openedOn(ids: readonly string[]): string {
  const command = ['-c', ids.join(','), process.execPath, join(__dirname, 'open.mjs')];
  return spawnSync('taskset', command, { encoding: 'utf8', env: process.env }).stdout;
}

const withTaskset = usable.length > 0 ? describe : describe.skip;
withTaskset('an affinity mask (skipped where there is no taskset or lscpu)', () => {
  // Masks of one, two, four, … of them. Where a core has two, the first two may be of one core.
  const sizes = usable.map((_, i) => 2 ** i).filter((size) => size <= usable.length);

  test.each(sizes)('of %d hardware threads leaves one thread per core', (size) => {
    const mask = usable.slice(0, size);
    const cores = new Set(mask.map(({ core }) => core)).size;
    const { threads } = leastLimit({ all: cores, usable: cores }, cpuQuotas());
    expect(openedOn(mask.map(({ id }) => id))).toMatch(new RegExp(`, ${threads} threads?\n$`));
  });
});
