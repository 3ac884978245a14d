// What a run shows on a terminal.
import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { expect, test } from '@jest/globals';
import { createReporter } from '../../lib/cli/reporter';

const measured = { frechetDistance: 12.34567, precision: 0.8125, recall: 0.25 };

/** What is shown of a run of `steps` steps after its third, whose generator was measured before. */
function shownOf(steps: number, before: object = {}): string {
  const stream = new PassThrough();
  const terminal = Object.assign(stream, { isTTY: true, columns: 200, cursorTo() {}, clearLine() {}, moveCursor() {} });
  const reporter = createReporter(terminal as unknown as WriteStream, steps);
  const figures = { step: 2, dLoss: 0.5, dAccuracy: 0.75, gLoss: 1, stepsPerSecond: 100, steps };
  reporter.onProgress!({ ...figures, ...before, step: 1, secondsLeft: 1 });
  reporter.onProgress!({ ...figures, secondsLeft: (steps - 3) / 100 });
  reporter.stop();
  return String(stream.read());
}

test('a run of so many steps: a bar, and the time left', () => {
  expect(shownOf(1003)).toContain(' 3/1003 | D loss 0.500 acc 75% | G loss 1.000 | 100 steps/s | 10 s left');
});

test('a run that is measured: the latest distance, also at steps that have none', () => {
  const shown = shownOf(1003, measured);
  expect(shown).toContain(' 3/1003 | D loss 0.500 acc 75% | G loss 1.000 | Fréchet distance 12.346 | 100 steps/s');
});

test('no terminal: a line for each measurement beside that of a sample', () => {
  const stream = new PassThrough();
  const reporter = createReporter(stream as unknown as WriteStream, 10);
  const figures = { dLoss: 0.5, dAccuracy: 0.75, gLoss: 1 };
  for (const [step, found] of [measured, {}].entries())
    reporter.onProgress!({ step, ...figures, ...found, steps: 10, stepsPerSecond: 1, secondsLeft: 1 });
  reporter.onSample!({ step: 1, ...figures });
  expect(String(stream.read())).toBe(
    '0 [Fréchet distance: 12.346] [precision: 81.3%, recall: 25.0%]\n1 [D loss: 0.500000, acc.: 75.00%] [G loss: 1.000000]\n',
  );
});

test('a run without end: steps, and how to stop it', () => {
  const shown = shownOf(Number.POSITIVE_INFINITY);
  expect(shown).toContain('3 steps | D loss 0.500 acc 75% | G loss 1.000 | 100 steps/s | Ctrl-C stops');
  expect(shown).not.toMatch(/Infinity|NaN/);
});
