// Runs the stages one after the other, each within its own time, and writes the results after each: what `run.sh` starts.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { examine } from './machine.mjs';
import { printTable, withRatios } from './report.mjs';
import { bench } from './stages/bench.mjs';
import { kernels } from './stages/kernels.mjs';
import { sanitizer } from './stages/sanitizer.mjs';
import { suite } from './stages/suite.mjs';
import { torch } from './stages/torch.mjs';
import { train } from './stages/train.mjs';

/** In the order in which they run. The last one takes what time is left. */
const stages = { suite, bench, train, torch, kernels, sanitizer };
/** A GPU machine may be had for no longer than ten minutes at a time. */
const allSeconds = 530;

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(stages);
const unknown = wanted.filter((name) => !Object.hasOwn(stages, name));
if (unknown.length > 0) {
  console.error(`unknown stage ${unknown.join(', ')}; there are: ${Object.keys(stages).join(', ')}`);
  process.exit(2);
}

const start = performance.now();
const elapsed = () => (performance.now() - start) / 1000;
const out = process.env.OUT ?? 'results';
mkdirSync(out, { recursive: true });

const device = process.env.DEVICE || 'cuda';
const { machine, cudaMissing } = await examine();
const context = {
  out,
  device,
  /** Why stages that need the device are left out; undefined when they run. */
  missing: device === 'cuda' ? cudaMissing : undefined,
  quick: process.env.QUICK === '1',
  python: process.env.PYTHON || 'python3',
  machine,
  /** Seconds that a command may take: `seconds`, or less when the time for everything ends sooner. */
  within: (seconds) => Math.max(1, Math.min(seconds, allSeconds - elapsed())),
};
const report = { machine, stages: {}, results: [] };

for (const name of wanted) {
  console.log(`\n== ${name}`);
  const begun = elapsed();
  const { results = [], ...outcome } = await stages[name](context).catch((error) => ({
    status: 'failed',
    note: error.stack,
  }));
  report.stages[name] = { ...outcome, seconds: Math.round(elapsed() - begun) };
  report.results.push(...results);
  report.results = withRatios(report.results, report.stages.torch?.limit);
  writeFileSync(join(out, 'results.json'), `${JSON.stringify(report, null, 2)}\n`);
  console.log(`${name}: ${outcome.status}, ${outcome.note} (${report.stages[name].seconds} s)`);
}

printTable(report);
console.log(`\nAll of it took ${Math.round(elapsed())} s; results and logs are in ${out}`);
process.exitCode = Object.values(report.stages).some(({ status }) => status === 'failed') ? 1 : 0;
