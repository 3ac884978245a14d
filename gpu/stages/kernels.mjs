// What the kernels of a step take, one by one, by Nsight Compute: where a step's time goes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { find, reasonOf, run } from '../command.mjs';

const nets = [
  { preset: 'mlp', batch: 32, precision: 'float32' },
  { preset: 'dcgan28', batch: 64, precision: 'float32' },
  { preset: 'dcgan28', batch: 64, precision: 'tf32' },
  { preset: 'dcgan64', batch: 32, precision: 'float32' },
];
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
    const metrics = ['gpu__time_duration.sum', 'launch__grid_size'];
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

/** Lines of microseconds in all, launches, blocks and name, of each kind of kernel and grid; the longest first. */
function tableOf(csv) {
  const kinds = new Map();
  const launchesOf = new Map();
  for (const line of csv.split('\n')) {
    const cells = [...line.matchAll(/"([^"]*)"/g)].map(([, cell]) => cell);
    const [id, name, metric, unit, value] = [cells[0], cells[4], ...cells.slice(-3)];
    if (!/^\d+$/.test(id ?? '')) continue;
    const launch = launchesOf.get(id) ?? { name };
    launchesOf.set(id, launch);
    const number = Number(value.replaceAll(',', ''));
    if (metric === 'launch__grid_size') launch.blocks = number;
    else launch.us = number * ({ ns: 1e-3, nsecond: 1e-3, us: 1, usecond: 1, ms: 1e3, msecond: 1e3 }[unit] ?? 1);
  }
  for (const { name, blocks, us } of launchesOf.values()) {
    const key = `${blocks} blocks of ${name}`;
    const kind = kinds.get(key) ?? { key, us: 0, count: 0 };
    kinds.set(key, { key, us: kind.us + us, count: kind.count + 1 });
  }
  return [...kinds.values()]
    .sort((a, b) => b.us - a.us)
    .map(({ key, us, count }) => `${us.toFixed(1).padStart(9)} us in ${String(count).padStart(3)} launches of ${key}`);
}
