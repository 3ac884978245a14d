// What `fit` shows on a terminal.
import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { expect, jest, test } from '@jest/globals';
import { epochPrinter } from '../../lib/models/epoch-printer';
import type { Training } from '../../lib/training/training';

const training = {} as Training;
const progress = { step: 13, steps: 40, stepsPerSecond: 4.25, secondsLeft: 6.1, loss: 0.5, accuracy: 0.75 };

/** A terminal, and what is printed on it. */
function terminal(columns: number, live = true) {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns });
  const printer = epochPrinter({ initialEpoch: 2, epochs: 6, batches: 10, live }, stream as unknown as WriteStream);
  return { printer, shown: () => String(stream.read()).replaceAll('\x1b[1G\x1b[2K', '|') };
}

test('the epoch under way, on a line that is written anew', () => {
  const { printer, shown } = terminal(200);
  printer.onProgress!(progress, training);
  printer.onProgress!({ ...progress, step: 14 }, training);
  expect(shown()).toBe(
    '|Epoch 4/6 4/10 - loss: 0.5000 - accuracy: 0.7500 - 4.3 batches/s - 6 s left' +
      '|Epoch 4/6 5/10 - loss: 0.5000 - accuracy: 0.7500 - 4.3 batches/s - 6 s left',
  );
});

test('no more than fits on a line', () => {
  const { printer, shown } = terminal(21);
  printer.onProgress!(progress, training);
  expect(shown()).toBe('|Epoch 4/6 4/10 - los');
});

test('the line of an epoch that is done takes its place', () => {
  const { printer, shown } = terminal(80);
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  printer.onEpochEnd!(3, { loss: 0.25 }, training);
  expect(log.mock.calls).toEqual([['Epoch 4/6 - loss: 0.2500']]);
  log.mockRestore();
  expect(shown()).toBe('|');
});

test('elsewhere only the lines of epochs that are done', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: false });
  expect(epochPrinter({ initialEpoch: 0, epochs: 1, batches: 1 }, stream as unknown as WriteStream).onProgress).toBe(
    undefined,
  );
});

test('nor on a terminal where that is not wanted', () => {
  const { printer, shown } = terminal(80, false);
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  expect(printer.onProgress).toBe(undefined);
  printer.onEpochEnd!(3, { loss: 0.25 }, training);
  expect(log.mock.calls).toEqual([['Epoch 4/6 - loss: 0.2500']]);
  log.mockRestore();
  expect(shown()).toBe('null');
});
