// The test suite. Where there is a GPU, its tests of the cuda device run on it.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf, run } from '../command.mjs';

/** What needs sharp or esbuild, which the archive has no room for; and what jest.config.mjs leaves out. */
const leftOut = ['cli/train', 'cli/training-data', 'datasets/image-folder', 'e2e/bundlers'];
const ignored = ['/node_modules/', '\\.slow\\.test\\.ts$', ...leftOut.map((file) => `test/${file}\\.test\\.ts$`)];

export async function suite({ out, within, quick }) {
  const folder = mkdtempSync(join(tmpdir(), 'cuda-gan-suite-'));
  const file = join(folder, 'results.jsonl');
  const workers = Math.max(2, Math.min(4, Math.floor(availableParallelism() / 4)));
  const options = ['--ci', `--maxWorkers=${workers}`, '--reporters=default', '--reporters=./gpu/suite-reporter.mjs'];
  options.push(...ignored.map((pattern) => `--testPathIgnorePatterns=${pattern}`));
  const some = quick ? ['test/parity', 'test/devices'] : [];
  try {
    const ended = await run(process.execPath, ['node_modules/jest/bin/jest.js', ...some, ...options], {
      seconds: within(120),
      log: join(out, 'suite.log'),
      env: { SUITE_RESULTS: file },
    });
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    return summaryOf(
      lines.map((line) => JSON.parse(line)),
      ended,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function summaryOf(files, ended) {
  if (files.length === 0) return { status: 'failed', note: reasonOf(ended) };
  const tests = files.flatMap(({ tests }) => tests);
  const names = (status) => tests.filter((test) => test.status === status).map(({ name }) => name);
  const failed = names('failed');
  const skipped = names('pending');
  for (const name of failed) console.log(`  failed: ${name}`);
  for (const name of skipped) console.log(`  skipped: ${name}`);
  const counts = `${names('passed').length} tests passed, ${failed.length} failed, ${skipped.length} skipped`;
  const finished = ended.timedOut ? '; not finished in its time' : '';
  return {
    status: ended.code === 0 ? 'done' : 'failed',
    note: `${counts}, in ${files.length} files${finished}; left out: ${leftOut.join(', ')}`,
    failed,
    skipped,
  };
}
