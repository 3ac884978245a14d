// How much processor time Linux' control groups leave this process: cgroups(7), "CPU controller" of the kernel's
// admin-guide/cgroup-v2, and its scheduler/sched-bwc for version 1.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CpuQuota {
  readonly version: 1 | 2;
  /** Processors' worth of time; may be a fraction. */
  readonly cpus: number;
  /** The file that states it. */
  readonly file: string;
}

/** What states a quota and its period. */
const quotaFiles = { 1: ['cpu.cfs_quota_us', 'cpu.cfs_period_us'], 2: ['cpu.max'] } as const;

/** The group that the process is in: of the only hierarchy of version 2, or of that of version 1 for processors. */
interface Group {
  readonly version: CpuQuota['version'];
  readonly path: string;
}

/** Such a hierarchy as it is mounted: the group `root` of it is seen at the folder `point`. */
interface Mount {
  readonly version: CpuQuota['version'];
  readonly root: string;
  readonly point: string;
}

/**
 * The quotas of this process' group and of the groups above it, as far as they can be seen from here.
 * @param root The folder that stands for `/`.
 */
export function cpuQuotas(root = '/'): CpuQuota[] {
  const mounts = mountsIn(read(root, '/proc/self/mountinfo'));
  return groupsIn(read(root, '/proc/self/cgroup')).flatMap(({ version, path }) => {
    const seen = mounts
      .filter((mount) => mount.version === version)
      .map((mount) => ({ point: mount.point, group: below(mount.root, path) }));
    // A container may see a path that its mount does not show: what is mounted is then the container's own group.
    const { point, group = '' } = seen.find(({ group }) => group !== undefined) ?? seen[0] ?? {};
    if (point === undefined) return [];
    return upwards(group).flatMap((folder) => quotaOf(version, root, join(point, folder)));
  });
}

/** Lines `id:controllers:path`, with no controllers for version 2. */
function groupsIn(text: string): Group[] {
  return text.split('\n').flatMap((line): Group[] => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined) return [];
    if (controllers === '') return [{ version: 2, path }];
    return controllers!.split(',').includes('cpu') ? [{ version: 1, path }] : [];
  });
}

/** proc_pid_mountinfo(5): `36 35 98:0 <root> <point> rw,noatime master:1 - <type> <source> <options>`. */
function mountsIn(text: string): Mount[] {
  return text.split('\n').flatMap((line): Mount[] => {
    const [before, after] = line.split(' - ');
    const [, , , root, point] = before!.split(' ').map(unescaped);
    const [type, , options = ''] = (after ?? '').split(' ');
    if (root === undefined || point === undefined) return [];
    if (type === 'cgroup2') return [{ version: 2, root, point }];
    return type === 'cgroup' && options.split(',').includes('cpu') ? [{ version: 1, root, point }] : [];
  });
}

/** Spaces and the like are written as `\040`. */
function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** `path` as seen from `root`, if it is below it. Groups outside of the namespace of groups begin with `/..`. */
function below(root: string, path: string): string | undefined {
  if (path === root) return '';
  const prefix = root === '/' ? '/' : `${root}/`;
  return path.startsWith(prefix) && !path.split('/').includes('..') ? path.slice(prefix.length) : undefined;
}

/** `a/b` → `a/b`, `a`, and the top. */
function upwards(path: string): string[] {
  return path === '' ? [''] : [path, ...upwards(path.slice(0, Math.max(0, path.lastIndexOf('/'))))];
}

function quotaOf(version: CpuQuota['version'], root: string, folder: string): CpuQuota[] {
  const files = quotaFiles[version].map((name) => join(folder, name));
  const [quota, period] = files.flatMap((file) => read(root, file).trim().split(' '));
  const cpus = microseconds(quota) / microseconds(period);
  return Number.isFinite(cpus) ? [{ version, cpus, file: files[0]! }] : [];
}

/** NaN for `max` and for -1, which mean no quota, and for what is not a time. */
function microseconds(text = ''): number {
  return /^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN;
}

/** A file's text; empty when it cannot be read, as on other systems than Linux. */
function read(root: string, path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
}
