// Quotas of control groups, read from made-up trees of files: each test says what the kernel would show there.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { cpuQuotas } from '../../lib/devices/cgroups';
import { scratchFolder } from '../gan/scratch';

/** A folder that stands for `/`, with these files. */
function tree(files: Readonly<Record<string, string>>): string {
  const root = scratchFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** What is found in such a tree. */
const found = (files: Readonly<Record<string, string>>) =>
  cpuQuotas(tree(files)).map(({ version, cpus, file }) => [version, cpus, file]);

const file = (...parts: string[]) => join('/sys/fs/cgroup', ...parts);

/** Lines of /proc/self/mountinfo. */
const v2Mount = (root = '/', point = '/sys/fs/cgroup') =>
  `30 23 0:26 ${root} ${point} rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n`;
const v1Mount = (root = '/', options = 'rw,cpu,cpuacct') =>
  `33 30 0:30 ${root} /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup ${options}\n`;
const otherMounts =
  '22 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n34 30 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n';

describe('version 2', () => {
  const self = { 'proc/self/mountinfo': otherMounts + v2Mount(), 'proc/self/cgroup': '0::/a/b\n' };

  test.each([
    ['200000 100000\n', 2],
    ['150000 100000\n', 1.5],
    ['5000 20000\n', 0.25],
  ])('a cpu.max of %j is a quota of %d processors', (text, cpus) => {
    expect(found({ ...self, 'sys/fs/cgroup/a/b/cpu.max': text })).toEqual([[2, cpus, file('a/b/cpu.max')]]);
  });

  test.each([
    'max 100000\n',
    '',
    '\n',
    '100000\n',
    'max\n',
    '0 100000\n',
    '-1 100000\n',
    '100000 0\n',
    'many few\n',
    '1e5 1e5\n',
  ])('a cpu.max of %j is none', (text) => {
    expect(found({ ...self, 'sys/fs/cgroup/a/b/cpu.max': text })).toEqual([]);
  });

  test('the groups above count too, the root of the mount included', () => {
    const quotas = found({
      ...self,
      'sys/fs/cgroup/a/b/cpu.max': '800000 100000\n',
      'sys/fs/cgroup/a/cpu.max': '300000 100000\n',
      'sys/fs/cgroup/cpu.max': '400000 100000\n',
      'sys/fs/cgroup/a/other/cpu.max': '100000 100000\n',
    });
    expect(quotas).toEqual([
      [2, 8, file('a/b/cpu.max')],
      [2, 3, file('a/cpu.max')],
      [2, 4, file('cpu.max')],
    ]);
  });

  test.each([
    ['in a namespace of its own, as Docker starts it', v2Mount(), '0::/\n'],
    ['whose mount shows its group only', v2Mount('/docker/abc'), '0::/docker/abc\n'],
    ['that was moved out of its namespace', v2Mount(), '0::/../other\n'],
    ['whose mount begins outside of its namespace', v2Mount('/../..'), '0::/\n'],
    ['whose path its mount does not show', v2Mount('/docker/abc'), '0::/system.slice/run.scope\n'],
    ['whose path is not there below the mount', v2Mount(), '0::/system.slice/docker-abc.scope\n'],
  ])('a container %s has the quota at the mount', (_, mount, cgroup) => {
    const quotas = found({
      'proc/self/mountinfo': otherMounts + mount,
      'proc/self/cgroup': cgroup,
      'sys/fs/cgroup/cpu.max': '250000 100000\n',
    });
    expect(quotas).toEqual([[2, 2.5, file('cpu.max')]]);
  });

  test('a group below that which is mounted is found by the rest of its path', () => {
    const quotas = found({
      'proc/self/mountinfo': v2Mount('/docker/abc'),
      'proc/self/cgroup': '0::/docker/abc/worker\n',
      'sys/fs/cgroup/worker/cpu.max': '100000 100000\n',
    });
    expect(quotas).toEqual([[2, 1, file('worker/cpu.max')]]);
  });

  test('of several mounts that one counts which shows the group', () => {
    const quotas = found({
      'proc/self/mountinfo': v2Mount('/docker/abcd', '/mnt/other') + v2Mount('/docker/abc', '/mnt/own\\040group'),
      'proc/self/cgroup': '0::/docker/abc\n',
      'mnt/other/cpu.max': '100000 100000\n',
      'mnt/own group/cpu.max': '300000 100000\n',
    });
    expect(quotas).toEqual([[2, 3, join('/mnt/own group/cpu.max')]]);
  });
});

describe('version 1', () => {
  const self = {
    'proc/self/mountinfo': otherMounts + v1Mount(),
    'proc/self/cgroup': '9:memory:/elsewhere\n4:cpu,cpuacct:/docker/abc\n2:cpuset:/\n',
  };
  const group = 'sys/fs/cgroup/cpu,cpuacct/docker/abc';
  const quota = (folder: string, us: string, periodUs: string) => ({
    [`${folder}/cpu.cfs_quota_us`]: `${us}\n`,
    [`${folder}/cpu.cfs_period_us`]: `${periodUs}\n`,
  });

  test('the quota is that of the hierarchy with the controller cpu', () => {
    const quotas = found({
      ...self,
      ...quota(group, '50000', '100000'),
      ...quota('sys/fs/cgroup/memory/elsewhere', '10000', '100000'),
    });
    expect(quotas).toEqual([[1, 0.5, file('cpu,cpuacct/docker/abc/cpu.cfs_quota_us')]]);
  });

  test('the groups above count too', () => {
    const quotas = found({
      ...self,
      ...quota(group, '-1', '100000'),
      ...quota(dirname(group), '150000', '50000'),
      ...quota(dirname(dirname(group)), '-1', '100000'),
    });
    expect(quotas).toEqual([[1, 3, file('cpu,cpuacct/docker/cpu.cfs_quota_us')]]);
  });

  test.each([
    ['-1', '100000'],
    ['0', '100000'],
    ['100000', '0'],
    ['100000', ''],
    ['', '100000'],
    ['all', '100000'],
  ])('%j per %j is none', (us, periodUs) => {
    expect(found({ ...self, ...quota(group, us, periodUs) })).toEqual([]);
  });

  test('a quota whose period is missing is none', () => {
    expect(found({ ...self, [`${group}/cpu.cfs_quota_us`]: '100000\n' })).toEqual([]);
  });

  test('a container that sees the path of its host has the quota at its mount', () => {
    const quotas = found({
      ...self,
      'proc/self/mountinfo': v1Mount('/docker/abc', 'rw,cpu,cpuacct'),
      ...quota('sys/fs/cgroup/cpu,cpuacct', '200000', '100000'),
    });
    expect(quotas).toEqual([[1, 2, file('cpu,cpuacct/cpu.cfs_quota_us')]]);
  });
});

test('where both versions are mounted, both count', () => {
  const quotas = found({
    'proc/self/mountinfo': otherMounts + v1Mount() + v2Mount('/', '/sys/fs/cgroup/unified'),
    'proc/self/cgroup': '4:cpu,cpuacct:/a\n1:name=systemd:/s\n0::/b\n',
    'sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us': '400000\n',
    'sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us': '100000\n',
    'sys/fs/cgroup/unified/b/cpu.max': '300000 100000\n',
  });
  expect(quotas).toEqual([
    [1, 4, file('cpu,cpuacct/a/cpu.cfs_quota_us')],
    [2, 3, file('unified/b/cpu.max')],
  ]);
});

test.each([
  ['there is no such system', {}],
  ['no group is listed', { 'proc/self/mountinfo': v2Mount(), 'proc/self/cgroup': '' }],
  ['nothing is mounted', { 'proc/self/mountinfo': otherMounts, 'proc/self/cgroup': '0::/\n4:cpu:/\n' }],
  ['the list of groups is malformed', { 'proc/self/mountinfo': v2Mount(), 'proc/self/cgroup': '0:\n::\nhello\n' }],
  ['the list of mounts is malformed', { 'proc/self/mountinfo': '1 2\n - cgroup2\n\n', 'proc/self/cgroup': '0::/\n' }],
])('where %s there is no quota', (_, files) => {
  expect(found({ ...files, 'sys/fs/cgroup/cpu.max': '100000 100000\n' })).toEqual([]);
});
