// What a run shows on a terminal.
import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { expect, test } from '@jest/globals';
import { createReporter } from '../../lib/cli/reporter';

/** What is shown of a run of `steps` steps after its third. */
function shownOf(steps: number): string {
  const stream = new PassThrough();
  const terminal = Object.assign(stream, { isTTY: true, columns: 200, cursorTo() {}, clearLine() {}, moveCursor() {} });
  const reporter = createReporter(terminal as unknown as WriteStream, steps);
  const figures = { step: 2, dLoss: 0.5, dAccuracy: 0.75, gLoss: 1, stepsPerSecond: 100, steps };
  reporter.onProgress!({ ...figures, secondsLeft: (steps - 3) / 100 });
  reporter.stop();
  return String(stream.read());
}

test('a run of so many steps: a bar, and the time left', () => {
  expect(shownOf(1003)).toContain(' 3/1003 | D loss 0.500 acc 75% | G loss 1.000 | 100 steps/s | 10 s left');
});

test('a run without end: steps, and how to stop it', () => {
  const shown = shownOf(Number.POSITIVE_INFINITY);
  expect(shown).toContain('3 steps | D loss 0.500 acc 75% | G loss 1.000 | 100 steps/s | Ctrl-C stops');
  expect(shown).not.toMatch(/Infinity|NaN/);
});
