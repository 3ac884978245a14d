// The article's step on the cuda device at several batch sizes and precisions, and on the cpu device at one.
import { join } from 'node:path';
import { median, round } from '../../benchmarks/figures.mjs';
import { reasonOf, run } from '../command.mjs';

const batches = [32, 64, 128, 512];
const precisions = ['float32', 'tf32', 'bfloat16'];

export async function bench({ out, within, missing, device, quick }) {
  const log = join(out, 'bench.log');
  const seconds = quick ? 0.2 : 4;
  const onCuda = rowsOf(precisions, quick ? [32] : batches, 'cuda');
  const rows = device === 'cuda' && missing === undefined ? onCuda : [];
  rows.push(...rowsOf(['float32'], [32], 'cpu'));
  const end = performance.now() + 1000 * within(120);
  const results = [];
  const failures = [];
  for (const { device, batch, precision } of rows) {
    const args = ['benchmarks/ours.mjs', batch, 0, seconds, device, precision];
    const where = `${device}, batch ${batch}, ${precision}`;
    const left = (end - performance.now()) / 1000;
    const ended = await run(process.execPath, args, { seconds: Math.max(0, Math.min(30, left)), log });
    if (ended.code !== 0) {
      failures.push(`${where}: ${reasonOf(ended)}`);
      console.log(`  ${failures.at(-1)}`);
      continue;
    }
    const us = 1000 * median(JSON.parse(ended.stdout));
    console.log(`  ${where}: ${us.toFixed(1)} µs per step`);
    const samplesPerSecond = Math.round((1e6 * batch) / us);
    results.push({ who: 'cuda-gan', device, batch, precision, stepUs: round(us, 2), samplesPerSecond });
  }
  const without = missing === undefined ? '' : `; on cuda skipped: ${missing}`;
  return {
    status: failures.length === 0 ? 'done' : 'failed',
    note: `${results.length} of ${rows.length} rows measured${without}`,
    failures,
    results,
  };
}

function rowsOf(precisions, batches, device) {
  return precisions.flatMap((precision) => batches.map((batch) => ({ device, batch, precision })));
}
