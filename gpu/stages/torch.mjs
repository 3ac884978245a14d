// PyTorch's time for the same step, where this machine's Python has PyTorch and PyTorch a GPU; and the GPU's limit.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stateBytes } from '../../benchmarks/limit.mjs';
import { reasonOf, run } from '../command.mjs';

const modes = [
  { mode: 'eager', net: 'mlp', batches: '32,64,128,512', seconds: 35 },
  { mode: 'graph', net: 'mlp', batches: '32,64,128,512', seconds: 35 },
  ...['eager', 'graph'].flatMap((mode) => [
    { mode, net: 'dcgan28', batches: '64', seconds: 25 },
    { mode, net: 'dcgan64', batches: '32', seconds: 25 },
  ]),
  // Compiling takes longer than measuring.
  { mode: 'compiled', net: 'mlp', batches: '32,128', seconds: 55 },
  { mode: 'compiled', net: 'dcgan28', batches: '64', seconds: 55 },
];
const question =
  'import json, torch; print(json.dumps({"torch": torch.__version__, "cuda": torch.version.cuda, "gpu": torch.cuda.is_available()}))';

export async function torch({ out, within, missing, device, quick, python, machine }) {
  if (missing !== undefined) return { status: 'skipped', note: missing };
  const log = join(out, 'torch.log');
  const answer = await run(python, ['-c', question], { seconds: within(40), log });
  if (answer.code !== 0) return { status: 'skipped', note: `no PyTorch in ${python}: ${reasonOf(answer)}` };
  const facts = JSON.parse(answer.stdout.trim().split('\n').at(-1));
  if (device === 'cuda' && !facts.gpu) return { status: 'skipped', note: `PyTorch ${facts.torch} sees no GPU` };
  machine.torch = facts.torch;
  machine.torchCuda = facts.cuda ?? undefined;

  const limit = device === 'cuda' ? await measureLimit(python, machine, within, log) : undefined;
  const cache = mkdtempSync(join(tmpdir(), 'cuda-gan-torch-'));
  const results = [];
  const failures = [];
  const wanted = modes.filter(({ mode, net }) => (mode !== 'graph' || device === 'cuda') && (net === 'mlp' || !quick));
  for (const { mode, net, batches, seconds } of wanted) {
    const few = quick ? ['--seconds', 0.2, '--runs', 3, '--warm-up', 5, '--batches', '32'] : ['--batches', batches];
    const ended = await run(python, ['benchmarks/torch_cuda.py', mode, '--net', net, '--device', device, ...few], {
      seconds: within(quick ? 150 : seconds),
      log,
      env: { TORCHINDUCTOR_CACHE_DIR: cache },
    });
    // Rows that were measured before a failure count.
    const rows = ended.stdout.split('\n').filter((line) => line.startsWith('{"who"'));
    for (const row of rows.map((line) => JSON.parse(line))) {
      console.log(`  ${row.who}, ${row.preset}, batch ${row.batch}, ${row.precision}: ${row.stepUs} µs per step`);
      results.push(row);
    }
    if (ended.code !== 0) {
      failures.push(`${mode}, ${net}: ${reasonOf(ended)}`);
      console.log(`  ${failures.at(-1)}`);
    }
  }
  rmSync(cache, { recursive: true, force: true });
  const measured = new Set(results.map(({ who, preset }) => `${who} ${preset}`));
  return {
    // A mode that ran out of time has failed only when it has nothing to show.
    status: measured.size === wanted.length ? 'done' : 'failed',
    note: [`PyTorch ${facts.torch}, ${results.length} rows measured`, ...failures].join('; '),
    failures,
    limit,
    results,
  };
}

/** { gflops, copyGBs, memoryGBs }; undefined where it cannot be had. */
async function measureLimit(python, { maxClockMHz }, within, log) {
  if (!(maxClockMHz > 0)) return undefined;
  const ended = await run(python, ['benchmarks/torch_limit.py', stateBytes, maxClockMHz], { seconds: within(15), log });
  if (ended.code !== 0) return undefined;
  console.log(`  limit: ${ended.stdout.trim()}`);
  return JSON.parse(ended.stdout.trim().split('\n').at(-1));
}
