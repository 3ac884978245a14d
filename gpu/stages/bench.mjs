// Steps on the cuda device: the article's at several batch sizes and precisions, the DCGANs', and the article's on the cpu.
import { join } from 'node:path';
import { median, round } from '../../benchmarks/figures.mjs';
import { reasonOf, run } from '../command.mjs';

const batches = [32, 64, 128, 512];
const precisions = ['float32', 'tf32', 'bfloat16'];

export async function bench({ out, within, missing, device, quick }) {
  const log = join(out, 'bench.log');
  const seconds = quick ? 0.2 : 2;
  const rows = device === 'cuda' && missing === undefined ? rowsOnCuda(quick) : [];
  rows.push({ device: 'cpu', preset: 'mlp', batch: 32, precision: 'float32' });
  const end = performance.now() + 1000 * within(120);
  const results = [];
  const failures = [];
  for (const { who = 'cuda-gan', env, ...row } of rows) {
    const { device, preset, batch, precision } = row;
    const args = ['benchmarks/ours.mjs', batch, 0, seconds, device, precision, preset];
    const where = `${who}: ${device}, ${preset}, batch ${batch}, ${precision}`;
    const left = (end - performance.now()) / 1000;
    const ended = await run(process.execPath, args, { seconds: Math.max(0, Math.min(30, left)), log, env });
    if (ended.code !== 0) {
      failures.push(`${where}: ${reasonOf(ended)}`);
      console.log(`  ${failures.at(-1)}`);
      continue;
    }
    const us = 1000 * median(JSON.parse(ended.stdout));
    console.log(`  ${where}: ${us.toFixed(1)} µs per step`);
    const samplesPerSecond = Math.round((1e6 * batch) / us);
    results.push({ who, ...row, stepUs: round(us, 2), samplesPerSecond });
  }
  const without = missing === undefined ? '' : `; on cuda skipped: ${missing}`;
  return {
    status: failures.length === 0 ? 'done' : 'failed',
    note: `${results.length} of ${rows.length} rows measured${without}`,
    failures,
    results,
  };
}

/** Most important first. The DCGANs with NVIDIA's libraries, as far as the machine has them, and without. */
function rowsOnCuda(quick) {
  const rows = (nets, all) => all.flatMap((precision) => nets.map((net) => ({ device: 'cuda', ...net, precision })));
  const mlps = (sizes) => sizes.map((batch) => ({ preset: 'mlp', batch }));
  if (quick) return rows(mlps([32]), precisions);
  const dcgans = [
    { preset: 'dcgan28', batch: 64 },
    { preset: 'dcgan64', batch: 32 },
  ];
  const convolutions = rows(dcgans, ['float32', 'tf32']);
  const alone = { who: 'cuda-gan, no libraries', env: { CUDA_GAN_LIB_DIR: 'none' } };
  const dependent = { who: 'cuda-gan, dependent launch', env: { CUDA_GAN_DEPENDENT_LAUNCH: '1' } };
  return [
    ...rows(mlps([32]), precisions),
    ...rows([...mlps([32, 128]), ...dcgans], ['float32']).map((row) => ({ ...row, ...dependent })),
    ...convolutions,
    ...convolutions.map((row) => ({ ...row, ...alone })),
    ...rows(mlps(batches.slice(1)), precisions),
  ];
}
