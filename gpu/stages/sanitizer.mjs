// NVIDIA's compute-sanitizer over a short training and over the parity tests: accesses out of bounds, and races.
import { join } from 'node:path';
import { find, reasonOf, run } from '../command.mjs';

const training = ['gpu/short-training.mjs'];
const parity = ['node_modules/jest/bin/jest.js', '--ci', '--runInBand', 'test/parity'];
const checks = [
  { name: 'memcheck, training', tool: 'memcheck', args: training, seconds: 40 },
  { name: 'racecheck, training', tool: 'racecheck', args: training, seconds: 60 },
  { name: 'memcheck, parity tests', tool: 'memcheck', args: parity, seconds: 60 },
  { name: 'racecheck, parity tests', tool: 'racecheck', args: parity, seconds: 60 },
];
// `ERROR SUMMARY: 0 errors`, `RACECHECK SUMMARY: 0 hazards displayed (0 errors, 0 warnings)`
const summary = /SUMMARY: (\d+) (?:errors?|hazards?)/g;

export async function sanitizer({ out, within, missing, device, quick }) {
  if (missing !== undefined) return { status: 'skipped', note: missing };
  if (device !== 'cuda') return { status: 'skipped', note: `nothing to check on ${device}` };
  const program = find('compute-sanitizer', ['/usr/local/cuda/bin', join(process.env.CUDA_PATH ?? '', 'bin')]);
  if (program === undefined) return { status: 'skipped', note: 'compute-sanitizer is not on this machine' };
  const log = join(out, 'sanitizer.log');
  const outcomes = {};
  for (const { name, tool, args, seconds } of checks) {
    const steps = args === training && quick ? [2] : [];
    const options = { seconds: within(seconds), log };
    const ended = await run(program, ['--tool', tool, process.execPath, ...args, ...steps], options);
    outcomes[name] = verdict(ended);
    console.log(`  ${name}: ${outcomes[name]}`);
  }
  const verdicts = Object.values(outcomes);
  const clean = verdicts.filter((text) => text === 'clean').length;
  return {
    status: clean === verdicts.length ? 'done' : 'failed',
    note: `${clean} of ${verdicts.length} clean`,
    outcomes,
  };
}

function verdict(ended) {
  const counts = [...ended.output.matchAll(summary)].map(([, count]) => Number(count));
  const found = counts.reduce((sum, count) => sum + count, 0);
  if (found > 0) return `${found} errors`;
  if (ended.timedOut) {
    const errors = /^=+ (Invalid|Error|Warning|Program hit)/m.test(ended.output);
    return `not finished in its time, ${errors ? 'with errors' : 'no error until then'}`;
  }
  return ended.code === 0 && counts.length > 0 ? 'clean' : `failed: ${reasonOf(ended)}`;
}
