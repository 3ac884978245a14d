// What the kernels of a step take, one by one, by Nsight Compute: where a step's time goes, and what bounds it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { find, reasonOf, run } from '../command.mjs';

const nets = [
  { preset: 'mlp', batch: 32, precision: 'float32' },
  { preset: 'dcgan28', batch: 64, precision: 'float32' },
  { preset: 'dcgan28', batch: 64, precision: 'tf32' },
  { preset: 'dcgan64', batch: 32, precision: 'float32' },
];
const time = 'gpu__time_duration.sum';
const blocks = 'launch__grid_size';
/** Per cent of what there could be: instructions issued, warps at work, and what the two levels of cache give. */
const shares = {
  issue: 'smsp__issue_active.avg.pct_of_peak_sustained_active',
  warps: 'sm__warps_active.avg.pct_of_peak_sustained_active',
  l1: 'l1tex__throughput.avg.pct_of_peak_sustained_active',
  l2: 'lts__throughput.avg.pct_of_peak_sustained_elapsed',
};
/** The first steps are launched one by one; so many kernels are of one step or more. */
const launches = 300;

export async function kernels({ out, within, missing, device }) {
  if (missing !== undefined) return { status: 'skipped', note: missing };
  if (device !== 'cuda') return { status: 'skipped', note: `nothing to see on ${device}` };
  const program = find('ncu', ['/usr/local/cuda/bin', join(process.env.CUDA_PATH ?? '', 'bin')]);
  if (program === undefined) return { status: 'skipped', note: 'Nsight Compute (ncu) is not on this machine' };
  const log = join(out, 'kernels.log');
  const failures = [];
  const tables = {};
  for (const { preset, batch, precision } of nets) {
    const name = `${preset}, batch ${batch}, ${precision}`;
    const metrics = [time, blocks, ...Object.values(shares)];
    const options = [
      '--csv',
      '--print-kernel-base',
      'demangled',
      '--cache-control',
      'none',
      '--clock-control',
      'none',
      '--metrics',
      metrics.join(','),
      '--launch-count',
      launches,
    ];
    const script = ['gpu/one-step.mjs', preset, batch, precision];
    const ended = await run(program, [...options, process.execPath, ...script], {
      seconds: within(60),
      env: { CUDA_GAN_LIB_DIR: 'none' },
    });
    if (ended.code !== 0) {
      failures.push(`${name}: ${reasonOf(ended)}`);
      continue;
    }
    tables[name] = tableOf(ended.stdout);
    console.log(`  ${name}: ${tables[name].length} kinds of kernels`);
  }
  writeFileSync(
    log,
    Object.entries(tables)
      .map(([name, rows]) => `${name}\n${rows.join('\n')}\n`)
      .join('\n'),
  );
  const note = [`${Object.keys(tables).length} of ${nets.length} steps taken apart`, ...failures].join('; ');
  return { status: failures.length === 0 ? 'done' : 'failed', note };
}

/**
 * Lines of microseconds in all, launches, shares (means over the launches), blocks and name, of each kind of kernel and
 * grid; the longest first.
 */
function tableOf(csv) {
  const launches = new Map();
  for (const line of csv.split('\n')) {
    const cells = [...line.matchAll(/"([^"]*)"/g)].map(([, cell]) => cell);
    const [id, name, metric, unit, value] = [cells[0], cells[4], ...cells.slice(-3)];
    if (!/^\d+$/.test(id ?? '')) continue;
    const launch = launches.get(id) ?? { name };
    launches.set(id, launch);
    const scale = metric === time ? microseconds[unit] : 1;
    launch[metric] = scale * Number(value.replaceAll(',', ''));
  }
  return [...groupsOf(launches)]
    .map(([key, all]) => ({ key, all, us: sum(all.map((launch) => launch[time])) }))
    .sort((a, b) => b.us - a.us)
    .map(({ key, all, us }) => {
      const percent = Object.entries(shares).map(([share, metric]) => {
        return `${share} ${Math.round(sum(all.map((launch) => launch[metric])) / all.length)} %`;
      });
      return `${us.toFixed(1).padStart(9)} us in ${String(all.length).padStart(3)} launches (${percent.join(', ')}) of ${key}`;
    });
}

const microseconds = { ns: 1e-3, nsecond: 1e-3, us: 1, usecond: 1, ms: 1e3, msecond: 1e3 };
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** Launches by their number of blocks and name. */
function groupsOf(launches) {
  const groups = new Map();
  for (const launch of launches.values()) {
    const key = `${launch[blocks]} blocks of ${launch.name}`;
    groups.set(key, [...(groups.get(key) ?? []), launch]);
  }
  return groups;
}
