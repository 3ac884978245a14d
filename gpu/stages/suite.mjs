// The test suite. Where there is a GPU, its tests of the cuda device run on it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf, run } from '../command.mjs';

export async function suite({ out, within, quick }) {
  const log = join(out, 'suite.log');
  const folder = mkdtempSync(join(tmpdir(), 'cuda-gan-suite-'));
  const json = join(folder, 'suite.json');
  const workers = Math.max(2, Math.min(8, Math.floor(availableParallelism() / 2)));
  const options = ['--ci', '--json', `--outputFile=${json}`, `--maxWorkers=${workers}`];
  const some = quick ? ['test/parity', 'test/devices', 'test/cli'] : [];
  try {
    const ended = await run(process.execPath, ['node_modules/jest/bin/jest.js', ...options, ...some], {
      seconds: within(quick ? 300 : 120),
      log,
    });
    if (ended.timedOut || ended.code === undefined) return unfinished(ended);
    return summaryOf(JSON.parse(readFileSync(json, 'utf8')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function summaryOf({ success, numPassedTests, numFailedTests, numPendingTests, testResults }) {
  const tests = testResults.flatMap(({ name, assertionResults, message, status }) =>
    // A file that cannot even be loaded has no tests.
    status === 'failed' && assertionResults.length === 0
      ? [{ fullName: `${name}: ${message.split('\n')[0]}`, status }]
      : assertionResults,
  );
  const names = (status) => tests.filter((test) => test.status === status).map(({ fullName }) => fullName);
  const failed = names('failed');
  const skipped = [...new Set(names('pending'))];
  for (const name of failed) console.log(`  failed: ${name}`);
  for (const name of skipped) console.log(`  skipped: ${name}`);
  return {
    status: success ? 'done' : 'failed',
    note: `${numPassedTests} tests passed, ${numFailedTests} failed, ${numPendingTests} skipped`,
    failed,
    skipped,
  };
}

function unfinished(ended) {
  const files = (word) => ended.output.split('\n').filter((line) => line.startsWith(word));
  const failed = files('FAIL');
  for (const line of failed) console.log(`  ${line}`);
  return {
    status: 'failed',
    note: `${reasonOf(ended)}; until then ${files('PASS').length} files passed and ${failed.length} failed`,
  };
}
