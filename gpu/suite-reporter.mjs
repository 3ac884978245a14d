// A reporter for jest: appends a line of JSON per test file to the file that SUITE_RESULTS names. jest's own `--json` writes
// nothing before the end, and fails when the error of a test refers to itself, as those of child processes do.
import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';

export default class SuiteReporter {
  onTestResult({ path, context }, { testResults, testExecError, failureMessage }) {
    const file = relative(context.config.rootDir, path);
    const tests = testResults.map(({ fullName, status }) => ({ name: `${file}: ${fullName}`, status }));
    // A file that cannot be loaded has no tests.
    if (testExecError !== undefined) {
      const reason = failureMessage?.trim().split('\n').slice(0, 3).join(' ');
      tests.push({ name: `${file}: ${reason}`, status: 'failed' });
    }
    appendFileSync(process.env.SUITE_RESULTS, `${JSON.stringify({ file, tests })}\n`);
  }
}
